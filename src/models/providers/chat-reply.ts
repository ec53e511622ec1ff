import { z } from 'zod'
import type { ModelReply } from '../../judging/model.ts'

const chunk = z.object({ type: z.string().nullish(), text: z.string().nullish() })
const content = z.union([z.string(), z.array(z.union([z.string(), chunk]))]).nullish()

const chatReply = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content, refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
})

/** What Mistral and DeepSeek give as the reason to stop where it is a fault of theirs. */
const brokenOff: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource'])

/** @returns what a chat completion says; undefined where it is none, or ends by the provider's own fault */
export function readChatReply(parsed: unknown): Pick<ModelReply, 'text' | 'finish' | 'usage'> | undefined {
  const reply = chatReply.safeParse(parsed).data
  const choice = reply?.choices[0]
  if (choice === undefined || brokenOff.has(choice.finish_reason ?? '')) return undefined
  return {
    text: textOf(choice.message?.content),
    finish: choice.message?.refusal ? 'refused' : finishOf(choice.finish_reason),
    usage: {
      inputTokens: reply?.usage?.prompt_tokens ?? 0,
      outputTokens: reply?.usage?.completion_tokens ?? 0,
    },
  }
}

function finishOf(reason: string | null | undefined): ModelReply['finish'] {
  if (reason === 'length' || reason === 'model_length') return 'length'
  // Google adds what was filtered.
  return reason?.startsWith('content_filter') ? 'filtered' : 'stop'
}

/** Chunks of reasoning are left out: they are not what the model said. */
function textOf(said: z.output<typeof content>): string {
  if (typeof said === 'string') return said
  const texts = (said ?? []).map((part) => {
    if (typeof part === 'string') return part
    return (part.type ?? 'text') === 'text' ? (part.text ?? '') : ''
  })
  return texts.join('')
}
