import type { GenerateTextResult } from 'ai'
import type { ModelReply } from '../../judging/model.ts'
import type { LeftOut } from '../left-out.ts'
import type { ProviderReply } from '../provider-client.ts'
import type { Format } from '../request-form.ts'

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
