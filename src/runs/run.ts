/**
 * `running` from the start, whether or not its turn has come; `capped` stopped at its cap of cost or tokens; `failed`
 * stopped because nothing could be judged any more. The last three can be resumed, and keep what is judged.
 */
export const runStates = ['running', 'completed', 'cancelled', 'capped', 'failed'] as const

export type RunState = (typeof runStates)[number]
