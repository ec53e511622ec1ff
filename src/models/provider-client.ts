import type { ModelReply, ModelRequest } from '../judging/model.ts'
import type { LeftOut } from './left-out.ts'
import type { ProviderModel } from './providers/provider-model.ts'
import type { Format, RequestForm } from './request-form.ts'

/** What a client reads of one reply. */
export interface ProviderReply extends Omit<ModelReply, 'attempts'> {
  /** Names of what the form has and was not sent all the same: the client knows that this model refuses it. */
  readonly leftOut?: readonly LeftOut[]
  /** Whether the model reasoned in a place of its own, which is no part of the text. */
  readonly hasReasoning?: boolean
}

/**
 * What a protocol calls its parameters, in requests and in refusals of them. One that is absent is one that the
 * protocol doesn't have: it is never sent, and every reply says that it was left out.
 */
export interface ParameterNames {
  readonly temperature?: readonly string[]
  readonly seed?: readonly string[]
  readonly probabilities?: readonly string[]
}

/** What a protocol has to ask with. */
export interface Protocol {
  /** The ways to enforce an answer's form that the protocol has, strictest first, `text` last. */
  readonly formats: readonly Format[]
  readonly parameters: ParameterNames
  /** What a request may call its token limit, the first choice first: a model may take one and refuse the other. */
  readonly tokenLimitNames: readonly string[]
}

/** Speaks one protocol with one provider. It only asks: what to ask for, and what to yield in, is decided above it. */
export interface ProviderClient extends Protocol, AsyncDisposable {
  /**
   * One call, in this form: what the form leaves out is not sent. Throws the signal's reason, or a `ModelFailure`
   * whose cause is a `ProviderRefusal` where the provider answered, so that its words can teach.
   */
  complete(request: ModelRequest, form: RequestForm, signal: AbortSignal): Promise<ProviderReply>
  /** The models that the provider lists and that can chat. Throws `ModelFailure`, or the signal's reason. */
  listModels(signal: AbortSignal): Promise<readonly ProviderModel[]>
}
