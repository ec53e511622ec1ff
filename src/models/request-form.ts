/** The ways to have an answer's form enforced by a provider, strictest first. */
export const formats = ['json_schema', 'tool_call', 'json_object', 'text'] as const

export type Format = (typeof formats)[number]

/**
 * How a request meets a model that does not take everything. A form only ever yields, so that meeting a model
 * comes to an end whatever it answers.
 */
export interface RequestForm {
  /** One of the client's formats. `tool_call`: a function `judgment` with the answer's schema, forced. */
  readonly format: Format
  /** Whether a schema is asked to be kept to the letter, where the protocol has a word for that. */
  readonly isStrict: boolean
  /** Whether the schema says what the smallest and the largest number are. */
  readonly hasBounds: boolean
  /** Whether a request without `sampling` carries temperature 0. */
  readonly hasZeroTemperature: boolean
  /** Whether a request with `sampling` carries its temperature. */
  readonly hasTemperature: boolean
  /** Whether a request with `sampling` carries its seed. */
  readonly hasSeed: boolean
  /** How many alternatives a request that wants probabilities asks for at each token; 0: no probabilities. */
  readonly alternatives: number
  /** Without it, the system message's text opens the user's first one. */
  readonly hasSystemRole: boolean
  /** Names of the token limit that the model refused; past the last one, no limit is sent. */
  readonly tokenLimit: number
  /** The most tokens that the model can be asked to write, where it has said so. */
  readonly mostOutputTokens?: number
}

/** What a form can yield in. */
export type Respect = Exclude<keyof RequestForm, 'mostOutputTokens'>

/** The most that OpenAI gives; others give as many as `fewAlternatives` at least, or none. */
const manyAlternatives = 20
const fewAlternatives = 5

/** All there is to ask of a protocol with these formats. */
export function strictestForm([format = 'text']: readonly Format[]): RequestForm {
  return {
    format,
    isStrict: true,
    hasBounds: true,
    hasZeroTemperature: true,
    hasTemperature: true,
    hasSeed: true,
    alternatives: manyAlternatives,
    hasSystemRole: true,
    tokenLimit: 0,
  }
}

/**
 * The form with one step less in this respect.
 * @param has the formats that the protocol has
 */
export function yieldIn(form: RequestForm, respect: Respect, has: readonly Format[]): RequestForm {
  switch (respect) {
    case 'format':
      return { ...form, format: has[has.indexOf(form.format) + 1] ?? 'text' }
    case 'alternatives':
      return { ...form, alternatives: form.alternatives > fewAlternatives ? fewAlternatives : 0 }
    case 'tokenLimit':
      return { ...form, tokenLimit: form.tokenLimit + 1 }
    default:
      return { ...form, [respect]: false }
  }
}

/** Whether a request that wants probabilities asks for them: protocols tell none of a function's arguments. */
export function asksForProbabilities({ alternatives, format }: RequestForm): boolean {
  return alternatives > 0 && format !== 'tool_call'
}

/** The form that meets a model wherever one of the two does. */
export function meetBoth(one: RequestForm, other: RequestForm): RequestForm {
  if (one === other) return one
  const most = Math.min(one.mostOutputTokens ?? Infinity, other.mostOutputTokens ?? Infinity)
  return {
    format: formats.indexOf(one.format) > formats.indexOf(other.format) ? one.format : other.format,
    isStrict: one.isStrict && other.isStrict,
    hasBounds: one.hasBounds && other.hasBounds,
    hasZeroTemperature: one.hasZeroTemperature && other.hasZeroTemperature,
    hasTemperature: one.hasTemperature && other.hasTemperature,
    hasSeed: one.hasSeed && other.hasSeed,
    alternatives: Math.min(one.alternatives, other.alternatives),
    hasSystemRole: one.hasSystemRole && other.hasSystemRole,
    tokenLimit: Math.max(one.tokenLimit, other.tokenLimit),
    ...(most < Infinity && { mostOutputTokens: most }),
  }
}

export function isSameForm(one: RequestForm, other: RequestForm): boolean {
  const names = Object.keys({ ...one, ...other }) as (keyof RequestForm)[]
  return names.every((name) => one[name] === other[name])
}
