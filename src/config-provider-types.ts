/** What is known of a kind of provider before anything is set. */
interface ProviderType {
  /** The provider of the same name is there once one of these holds its key. */
  readonly keyVariables: readonly string[]
  readonly baseUrlVariable: string | undefined
  /** Undefined where it follows from the region. */
  readonly baseUrl: string | undefined
  /** Ends an address that was given without it. */
  readonly apiPath: string
  /** Whether it is put behind a path too that ends in no version, as this provider's own clients do. */
  readonly isBehindEveryPath: boolean
  /** What the provider of the same name serves without being named in front. */
  readonly models: readonly string[]
}

export const providerTypes = {
  mistral: {
    keyVariables: ['MISTRAL_API_KEY'],
    baseUrlVariable: 'MISTRAL_BASE_URL',
    baseUrl: 'https://api.mistral.ai/v1',
    apiPath: '/v1',
    isBehindEveryPath: false,
    models: [
      'mistral-*',
      'ministral-*',
      'magistral-*',
      'codestral-*',
      'devstral-*',
      'pixtral-*',
      'voxtral-*',
      'open-mistral-*',
      'open-mixtral-*',
      'open-codestral-*',
      'ft:*mistral-*',
      'ft:*ministral-*',
    ],
  },
  openai: {
    keyVariables: ['OPENAI_API_KEY'],
    baseUrlVariable: 'OPENAI_BASE_URL',
    baseUrl: 'https://api.openai.com/v1',
    apiPath: '/v1',
    isBehindEveryPath: false,
    models: ['gpt-*', 'chatgpt-*', 'o1*', 'o3*', 'o4*', 'ft:gpt-*'],
  },
  anthropic: {
    keyVariables: ['ANTHROPIC_API_KEY'],
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    baseUrl: 'https://api.anthropic.com/v1',
    apiPath: '/v1',
    isBehindEveryPath: true,
    models: ['claude-*'],
  },
  google: {
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    baseUrlVariable: 'GOOGLE_GEMINI_BASE_URL',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    apiPath: '/v1beta',
    isBehindEveryPath: true,
    models: ['gemini-*'],
  },
  // Credentials of AWS are there for many reasons: they alone make no provider.
  bedrock: {
    keyVariables: [],
    baseUrlVariable: undefined,
    baseUrl: undefined,
    apiPath: '',
    isBehindEveryPath: false,
    models: [],
  },
} as const satisfies Readonly<Record<string, ProviderType>>

export type ProviderTypeName = keyof typeof providerTypes

/** What is known of the provider of this name; undefined where the name says nothing. */
export function isWellKnown(name: string): name is ProviderTypeName {
  return Object.hasOwn(providerTypes, name)
}

/** What is known of providers of this type. */
export function providerType(name: ProviderTypeName): ProviderType {
  return providerTypes[name]
}
