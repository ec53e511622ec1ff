import type { Output } from '../judges/definition.ts'
import type { Ledger } from './ledger.ts'
import { type FoundModel, ModelFailure, type ModelReply, type ModelRequest, type Sampling } from './model.ts'

/** Why a judgment's signal is aborted when its time is up. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'
}

/** What is told of a judgment whose time is up. */
export const deadlineReason = "The judgment's deadline passed."

/** What all calls of one judgment have in common. */
interface Calling {
  /** Aborted with `DeadlinePassed` when the time is up, or with another reason when nobody waits any more. */
  readonly signal: AbortSignal
  readonly sampling?: Sampling
  readonly wantsDistribution?: boolean
}

/** What one call asks. */
export type Asked = Pick<ModelRequest, 'messages' | 'maxOutputTokens' | 'tools' | 'connectors'>

/** Calls the model, and enters what it took. Throws the signal's reason when nobody waits any more. */
export type CallModel = (asked: Asked) => Promise<ModelReply | ModelFailure>

/** Makes the function that all calls of one judgment go through. */
export function createCallModel(
  found: FoundModel,
  output: Output,
  { signal, sampling, wantsDistribution }: Calling,
  ledger: Ledger,
): CallModel {
  async function complete(asked: Asked): Promise<ModelReply | ModelFailure> {
    try {
      return await found.model.complete(
        {
          modelName: found.modelName,
          output,
          ...asked,
          ...(sampling && { sampling }),
          ...(wantsDistribution && { wantsProbabilities: true }),
        },
        signal,
      )
    } catch (error) {
      if (signal.aborted && !(signal.reason instanceof DeadlinePassed)) throw signal.reason
      const attempts = error instanceof ModelFailure ? error.attempts : 1
      const isKeptWaiting = error instanceof ModelFailure && error.kind === 'rate_limited'
      if (signal.aborted && !isKeptWaiting)
        return new ModelFailure('timed_out', deadlineReason, { cause: error, attempts })
      if (error instanceof ModelFailure) return error
      throw error
    }
  }

  return async function callModel(asked) {
    const reply = await complete(asked)
    ledger.add(reply)
    return reply
  }
}
