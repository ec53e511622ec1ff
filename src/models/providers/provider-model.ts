import { z } from 'zod'

const entry = z.object({
  id: z.string().min(1),
  created: z.number().nullish(),
  owned_by: z.string().nullish(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  /** Mistral, vLLM and OpenRouter, in this order. */
  max_context_length: z.number().nullish(),
  max_model_len: z.number().nullish(),
  context_length: z.number().nullish(),
  capabilities: z.object({ completion_chat: z.boolean().nullish() }).nullish().catch(undefined),
})
/** Together AI sends the array alone. */
const list = z.union([
  z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data),
  z.array(z.unknown()),
])

/** OpenAI and the servers that speak its API say nothing of what a model is for but its name. */
const cannotChat = /embed|moderation|whisper|(?:^|\/)(?:tts|dall-e|bge|gpt-image|sora)-/i

/** A model as its provider lists it. */
export interface ProviderModel {
  readonly id: string
  readonly ownedBy: string | undefined
  readonly name: string | undefined
  readonly description: string | undefined
  readonly maxContextTokens: number | undefined
  readonly createdAt: Date | undefined
}

/**
 * Reads the answer to `GET /models`. Entries that can't be read, and models that can't chat, are left out.
 * @returns undefined where it is no list
 */
export function readProviderModels(parsed: unknown): readonly ProviderModel[] | undefined {
  const entries = list.safeParse(parsed).data
  return entries?.flatMap((one) => {
    const model = entry.safeParse(one).data
    if (model === undefined || !canChat(model)) return []
    return {
      id: model.id,
      ownedBy: model.owned_by ?? undefined,
      name: model.name ?? undefined,
      description: model.description ?? undefined,
      maxContextTokens: wholeNumber(model.max_context_length ?? model.max_model_len ?? model.context_length),
      createdAt: dateOf(model.created),
    }
  })
}

function canChat({ id, capabilities }: z.output<typeof entry>): boolean {
  return capabilities?.completion_chat ?? !cannotChat.test(id)
}

/** Undefined where it is no count of tokens. */
export function wholeNumber(value: number | null | undefined): number | undefined {
  return value != null && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

function dateOf(seconds: number | null | undefined): Date | undefined {
  const date = new Date((seconds || Number.NaN) * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date
}
