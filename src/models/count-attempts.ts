import { ModelFailure } from '../judging/model.ts'

/** The same failure, of so many calls together. */
export function countAttempts(failure: ModelFailure, attempts: number): ModelFailure {
  if (failure.attempts === attempts) return failure
  const { kind, message, cause, isRetryable, retryAfterMs } = failure
  return new ModelFailure(kind, message, {
    cause,
    isRetryable,
    attempts,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
