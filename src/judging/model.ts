import type { Output } from '../judges/definition.ts'
import type { OfferedConnector, ToolDescription } from './tool.ts'
import type { ToolUse } from './tool-use.ts'

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  /** Of an assistant: the tools that it calls. */
  readonly toolCalls?: readonly ToolCall[]
  /** Of a tool: the call that it answers. */
  readonly toolCall?: ToolCall
}

/** A model's wish to have a tool called. */
export interface ToolCall {
  /** The provider's own name of this call; no two of a reply share one. */
  readonly id: string
  /** As the tool was described to the model, if it keeps to that. */
  readonly name: string
  /** JSON, if the model keeps to that. */
  readonly arguments: string
  /** What the provider wants to see again beside the call; nobody else reads it. */
  readonly echo?: unknown
}

export interface ModelRequest {
  /** The provider's own name of the model, without a provider in front. */
  readonly modelName: string
  readonly messages: readonly PromptMessage[]
  /** What the answer must be; the model enforces it as strictly as it can. */
  readonly output: Output
  readonly maxOutputTokens: number
  /** Absent: the likeliest reply, at temperature 0. */
  readonly sampling?: Sampling
  /** Whether the reply's token probabilities are wanted, from a model that gives them; absent: no. */
  readonly wantsProbabilities?: boolean
  /** What the model may call before it answers. With tools, the form of its answer is left to the prompt. */
  readonly tools?: readonly ToolDescription[]
  /** What the provider may call for the model before it answers; only where `FoundModel.runsConnectors`. */
  readonly connectors?: readonly OfferedConnector[]
}

/** How to draw one of several replies to the same prompt. */
export interface Sampling {
  /** Above 0; 1 draws from the model's own probabilities. */
  readonly temperature: number
  /** Makes the draw repeatable where the model takes one: a whole number of 31 bits. */
  readonly seed: number
}

/** How the form of the answer was enforced, strictest first. */
export const enforcements = ['grammar', 'json_schema', 'tool_call', 'json_object', 'text'] as const

export type Enforcement = (typeof enforcements)[number]

/** One token of a reply, and what could have stood in its place. */
export interface ReplyToken {
  /** The texts of all tokens, joined, are the reply's text: a character that takes several tokens is the last one's. */
  readonly text: string
  /** The likeliest tokens for this place, the one that was drawn among them; probabilities from 0 to 1, before any temperature. */
  readonly alternatives: readonly { readonly text: string; readonly probability: number }[]
}

/** How likely each option is as the answer, after this reply's analysis: a share for every option, 1 together. */
export type OptionProbabilities = ReadonlyMap<string, number>

interface TokenUsage {
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface ModelReply {
  /** What the model said, untouched; reasoning that came in a field of its own is not part of it. */
  readonly text: string
  /** Why it stopped: by itself, at the token limit, by a content filter, or because it refused. */
  readonly finish: 'stop' | 'length' | 'filtered' | 'refused'
  readonly enforcement: Enforcement
  readonly usage: TokenUsage
  /** How many calls this reply took, retries included. */
  readonly attempts: number
  /** The tools that the model wants called before it goes on; absent or empty: none. */
  readonly toolCalls?: readonly ToolCall[]
  /** What the provider called for the model. */
  readonly toolUses?: readonly ToolUse[]
  /** Names of parameters that were wanted and not sent, because this model refuses them. */
  readonly leftOut?: readonly string[]
  /** Where they were wanted, and the model gives them. */
  readonly tokens?: readonly ReplyToken[]
  /** Where probabilities were wanted, and the model can weigh every option to its end. */
  readonly optionProbabilities?: OptionProbabilities
}

/**
 * Something that completes a prompt. Throws a `ModelFailure`; once the signal is aborted, its reason, or a failure that
 * has it as its cause and tells the attempts that were made.
 */
export interface Model {
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>
}

/** A model that was found by its name. */
export interface FoundModel {
  /** The provider's name, as configured. */
  readonly provider: string
  /** The provider's own name of the model. */
  readonly modelName: string
  readonly model: Model
  /** Whether its provider runs connectors; absent: no. */
  readonly runsConnectors?: boolean
  /** Tokens of prompt and reply together, where it is known. */
  readonly maxContextTokens?: number | undefined
  /** How many calls its provider lets through at once now: more would wait. Absent: any number. */
  readonly callsAllowedNow?: () => number
}

/** Finds who serves a model. */
export interface ModelDirectory {
  /** Throws `model_not_served`, which lists who could. */
  find(modelName: string): FoundModel
}

/** Why a model gave no reply. */
export type FailureKind =
  | 'filtered'
  | 'context_overflow'
  | 'rate_limited'
  | 'timed_out'
  | 'provider_failed'
  | 'invalid_request'

interface ModelFailureOptions {
  readonly cause?: unknown
  /** How long the provider asks to wait, in milliseconds. */
  readonly retryAfterMs?: number
  /** Whether the same call may work later. */
  readonly isRetryable?: boolean
  readonly attempts?: number
}

/** A call to a model that gave no reply. The message is fit for the caller: it holds no secret. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure'
  readonly kind: FailureKind
  readonly retryAfterMs: number | undefined
  readonly isRetryable: boolean
  readonly attempts: number

  constructor(kind: FailureKind, message: string, options: ModelFailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs
    this.isRetryable = options.isRetryable ?? (kind === 'rate_limited' || kind === 'provider_failed')
    this.attempts = options.attempts ?? 1
  }
}
