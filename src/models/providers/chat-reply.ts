import { z } from 'zod'
import type { ModelReply } from '../../judging/model.ts'
import type { ProviderReply } from '../provider-client.ts'
import type { Format } from '../request-form.ts'
import { readChatCalls, readJudgmentCalls } from './chat-calls.ts'
import { readChatTokens } from './chat-tokens.ts'

const chunk = z.object({ type: z.string().nullish(), text: z.string().nullish() })
const content = z.union([z.string(), z.array(z.union([z.string(), chunk]))]).nullish()

const message = z.object({
  content,
  refusal: z.string().nullish(),
  tool_calls: z.array(z.unknown()).nullish(),
  /** DeepSeek, llama.cpp and older vLLM; Ollama, OpenRouter, Groq and newer vLLM. */
  reasoning_content: z.unknown().optional(),
  reasoning: z.unknown().optional(),
  /** OpenRouter's, whole. */
  reasoning_details: z.unknown().optional(),
})

/** An account that can't be read is none: the reply beside it counts. */
const tokenCount = z.int().nonnegative().nullish().catch(undefined)

const chatReply = z.object({
  choices: z
    .array(
      z.object({
        message: message.nullish(),
        finish_reason: z.string().nullish(),
        logprobs: z.unknown().optional(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokenCount, completion_tokens: tokenCount }).nullish().catch(undefined),
})

type Message = z.output<typeof message>

/** What Mistral and DeepSeek give as the reason to stop where it is a fault of theirs. */
const brokenOff: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource'])

interface Asked {
  readonly wantsTokens: boolean
  readonly hasTools: boolean
  readonly callIds?: ReadonlySet<string>
}

/**
 * @param format what the reply was asked to be
 * @param asked whether the tokens' probabilities were asked for, and whether tools could be called; the ids of the
 *   calls that were made before
 * @returns what a chat completion says; undefined where it is none, or ends by the provider's own fault
 */
export function readChatReply(
  parsed: unknown,
  format: Format,
  { wantsTokens, hasTools, callIds = new Set() }: Asked,
): ProviderReply | undefined {
  const reply = chatReply.safeParse(parsed).data
  const choice = reply?.choices[0]
  if (choice === undefined || brokenOff.has(choice.finish_reason ?? '')) return undefined
  const calls = choice.message?.tool_calls ?? []
  const finish = choice.message?.refusal ? 'refused' : finishOf(choice.finish_reason)
  // A reply that was cut may hold half a call, which must not be made.
  const toolCalls = hasTools && finish === 'stop' ? readChatCalls(calls, choice.message ?? {}, callIds) : []
  const said = format === 'tool_call' && !hasTools ? readJudgmentCalls(calls) : undefined
  const text = said ?? textOf(choice.message?.content)
  const tokens = wantsTokens && said === undefined ? readChatTokens(choice.logprobs, text) : undefined
  return {
    text,
    finish,
    // A model that answers without the call that it was to make was held to nothing.
    enforcement: hasTools || (format === 'tool_call' && said === undefined) ? 'text' : format,
    usage: {
      inputTokens: reply?.usage?.prompt_tokens ?? 0,
      outputTokens: reply?.usage?.completion_tokens ?? 0,
    },
    hasReasoning: hasReasoning(choice.message),
    ...(tokens && { tokens }),
    ...(toolCalls.length > 0 && { toolCalls }),
  }
}

/** Google adds what was filtered to `content_filter`; gateways pass its own and Anthropic's words on. */
const filtered =
  /^(?:content_filter|safety|recitation|blocklist|prohibited_content|spii|language|image_safety|guardrail_intervened|sensitive)/i
const cut = /^(?:length|model_length|max_tokens)$/i

function finishOf(reason: string | null | undefined): ModelReply['finish'] {
  if (reason == null) return 'stop'
  if (cut.test(reason)) return 'length'
  if (reason === 'refusal') return 'refused'
  return filtered.test(reason) ? 'filtered' : 'stop'
}

/** Chunks of reasoning are left out: they are not what the model said. */
function textOf(said: Message['content']): string {
  if (typeof said === 'string') return said
  const texts = (said ?? []).map((part) => {
    if (typeof part === 'string') return part
    return (part.type ?? 'text') === 'text' ? (part.text ?? '') : ''
  })
  return texts.join('')
}

function hasReasoning(said: Message | null | undefined): boolean {
  if (said == null) return false
  const chunks = Array.isArray(said.content) ? said.content : []
  return (
    [said.reasoning_content, said.reasoning].some((field) => typeof field === 'string' && field !== '') ||
    chunks.some((part) => typeof part !== 'string' && /thinking|reasoning/.test(part.type ?? '')) ||
    (typeof said.content === 'string' && said.content.trimStart().startsWith('<think>'))
  )
}
