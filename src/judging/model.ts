import type { Output } from '../judges/definition.ts'

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface ModelRequest {
  /** The provider's own name of the model, without a provider in front. */
  readonly modelName: string
  readonly messages: readonly PromptMessage[]
  /** What the answer must be; the model enforces it as strictly as it can. */
  readonly output: Output
  readonly maxOutputTokens: number
}

/** How the form of the answer was enforced, strictest first. */
export type Enforcement = 'grammar' | 'json_schema' | 'json_object' | 'text'

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
}

/** Something that completes a prompt. Throws a `ModelFailure`, or the signal's reason once it is aborted. */
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
