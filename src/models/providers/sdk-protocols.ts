import type { Protocol } from '../provider-client.ts'

/** What the protocols have that the Vercel AI SDK speaks: known before their clients are loaded. */
export const sdkProtocols = {
  anthropic: {
    formats: ['json_schema', 'tool_call', 'text'],
    parameters: { temperature: ['temperature'] },
    tokenLimitNames: ['max_tokens'],
  },
  google: {
    formats: ['json_schema', 'tool_call', 'json_object', 'text'],
    parameters: { temperature: ['temperature'], seed: ['seed'] },
    tokenLimitNames: ['maxOutputTokens'],
  },
  bedrock: {
    formats: ['json_schema', 'tool_call', 'text'],
    parameters: { temperature: ['temperature'] },
    tokenLimitNames: ['maxTokens'],
  },
} as const satisfies Record<string, Protocol>
