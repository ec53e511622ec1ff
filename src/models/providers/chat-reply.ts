import { z } from 'zod'
import type { ModelReply, ToolCall } from '../../judging/model.ts'
import type { ProviderReply } from '../provider-client.ts'
import type { Format } from '../request-form.ts'
import { readChatTokens } from './chat-tokens.ts'
import { judgmentTool } from './judgment-tool.ts'

const chunk = z.object({ type: z.string().nullish(), text: z.string().nullish() })
const content = z.union([z.string(), z.array(z.union([z.string(), chunk]))]).nullish()

/** Servers that don't keep to the letter give the arguments as an object instead of its text. */
const toolCall = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
})

const message = z.object({
  content,
  refusal: z.string().nullish(),
  tool_calls: z.array(z.unknown()).nullish(),
  /** DeepSeek, llama.cpp and older vLLM; Ollama, OpenRouter, Groq and newer vLLM. */
  reasoning_content: z.unknown().optional(),
  reasoning: z.unknown().optional(),
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

/**
 * @param format what the reply was asked to be
 * @param asked whether the tokens' probabilities were asked for, and whether tools could be called
 * @returns what a chat completion says; undefined where it is none, or ends by the provider's own fault
 */
export function readChatReply(
  parsed: unknown,
  format: Format,
  { wantsTokens, hasTools }: { readonly wantsTokens: boolean; readonly hasTools: boolean },
): ProviderReply | undefined {
  const reply = chatReply.safeParse(parsed).data
  const choice = reply?.choices[0]
  if (choice === undefined || brokenOff.has(choice.finish_reason ?? '')) return undefined
  const toolCalls = hasTools ? toolCallsOf(choice.message?.tool_calls) : []
  const said = format === 'tool_call' && !hasTools ? argumentsOf(choice.message?.tool_calls) : undefined
  const text = said ?? textOf(choice.message?.content)
  const tokens = wantsTokens && said === undefined ? readChatTokens(choice.logprobs, text) : undefined
  return {
    text,
    finish: choice.message?.refusal ? 'refused' : finishOf(choice.finish_reason),
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

/** Calls without an id are told apart by their place: what they give goes back under the same one. */
function toolCallsOf(calls: Message['tool_calls']): readonly ToolCall[] {
  return (calls ?? []).flatMap((call, index) => {
    const made = toolCall.safeParse(call).data
    if (made === undefined) return []
    const { name, arguments: args } = made.function
    return {
      id: made.id || `call_${index}`,
      name,
      arguments: typeof args === 'string' ? args : writeJson(args ?? {}),
    }
  })
}

/** Of several calls, all are read: where they differ, there is no answer. */
function argumentsOf(calls: Message['tool_calls']): string | undefined {
  const texts = (calls ?? []).flatMap((call) => {
    const made = toolCall.safeParse(call).data?.function
    if (made?.name !== judgmentTool.name) return []
    return typeof made.arguments === 'string' ? made.arguments : writeJson(made.arguments ?? null)
  })
  return texts.length === 0 ? undefined : texts.join('\n')
}

/** What is nested deeper than it can be written answers nothing, and disagrees with every answer beside it. */
function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '{"answer": null}'
  }
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
