import { expect } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'

/** What this work fails with, which has to be a failure of the model. */
export async function failureOf(work: Promise<unknown>): Promise<ModelFailure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ModelFailure)
  return thrown as ModelFailure
}
