import type { GenerateTextResult } from 'ai'
import { ModelFailure, type ModelReply } from '../../judging/model.ts'
import type { LeftOut } from '../left-out.ts'
import type { ProviderReply } from '../provider-client.ts'
import type { Format } from '../request-form.ts'
import type { HttpAnswer } from './http-connection.ts'
import { parseJson } from './parse-json.ts'

type SdkReply = Pick<
  GenerateTextResult<never, never, never>,
  'text' | 'reasoning' | 'finishReason' | 'rawFinishReason' | 'usage' | 'warnings'
>

/**
 * What a reply of the SDK says, whose text was left untouched.
 * @param unsent what was known to be refused before the call
 */
export function readAiReply(reply: SdkReply, format: Format, unsent: readonly LeftOut[]): ProviderReply {
  const leftOut = [...unsent, ...(isDropped('temperature', reply) ? (['temperature'] as const) : [])]
  return {
    text: reply.text,
    finish: finishOf(reply),
    // Some models can't be forced to call a function: what they are then offered, they may ignore.
    enforcement: isDropped('toolChoice', reply) ? 'text' : format,
    usage: { inputTokens: reply.usage.inputTokens ?? 0, outputTokens: reply.usage.outputTokens ?? 0 },
    // Google counts it, and keeps it to itself.
    hasReasoning: reply.reasoning.length > 0 || (reply.usage.outputTokenDetails.reasoningTokens ?? 0) > 0,
    ...(leftOut.length > 0 && { leftOut }),
  }
}

/** Whether it is a success that says nothing at all, not even why. */
export function isEmpty({ text, rawFinishReason }: SdkReply): boolean {
  return text === '' && rawFinishReason === undefined
}

function finishOf({ finishReason, rawFinishReason }: SdkReply): ModelReply['finish'] {
  // The SDK makes one of a filter's stop and a model's own.
  if (rawFinishReason === 'refusal') return 'refused'
  if (finishReason === 'content-filter') return 'filtered'
  return finishReason === 'length' ? 'length' : 'stop'
}

/** Whether the SDK knows that the model does not take this, and did not send it. */
function isDropped(feature: string, { warnings = [] }: SdkReply): boolean {
  return warnings.some((warning) => warning.type === 'unsupported' && warning.feature === feature)
}

/**
 * What a call that failed within the SDK means.
 * @param unreadable what a success that holds no reply means
 * @returns the error itself where it is none of the provider: it is a mistake of this program
 */
export function readSdkFailure(
  error: unknown,
  unreadable: (answer: HttpAnswer, problem: string) => ModelFailure,
): unknown {
  const failure = within(error, (cause) => cause instanceof ModelFailure)
  if (failure !== undefined) return failure
  const said = (error ?? {}) as Readonly<Record<string, unknown>>
  // Mistral's SDK and `ai` have different words for the same.
  const { statusCode: status, responseBody: body = said.body } = said
  if (typeof status !== 'number') return error
  const answer = { status, headers: {}, body: typeof body === 'string' ? body : '' }
  return unreadable(
    answer,
    parseJson(answer.body) === undefined ? 'a reply that is no JSON' : 'a reply without a message',
  )
}

/** The SDK wraps what looks to it like an error of the network. */
function within(error: unknown, isSought: (cause: unknown) => boolean): unknown {
  let cause = error
  for (let depth = 0; depth < 5 && cause != null; depth += 1) {
    if (isSought(cause)) return cause
    cause = (cause as { cause?: unknown }).cause
  }
  return undefined
}
