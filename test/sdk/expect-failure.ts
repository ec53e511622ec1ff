import { MistralError, ObservabilityError } from '@mistralai/mistralai/models/errors'
import { expect } from 'vitest'

export interface ExpectedFailure {
  readonly status: number
  readonly errorCode: string | null
  /** A part of the message. */
  readonly says: string
}

/** The statuses for which the SDK has a type of error with a code; every other is its SDKError. */
const observabilityStatuses = [400, 404, 408, 409, 422]

/** Expects the SDK to throw its own type of error for what the server answers. */
export async function expectFailure(
  called: Promise<unknown>,
  { status, errorCode, says }: ExpectedFailure,
): Promise<void> {
  const error = await called.then(
    () => expect.fail('It was answered.'),
    (thrown: unknown) => thrown as MistralError,
  )
  expect(error).toBeInstanceOf(MistralError)
  expect(error.statusCode).toBe(status)
  expect(error).toHaveProperty(
    'name',
    observabilityStatuses.includes(status) ? 'ObservabilityError' : 'SDKError',
  )
  if (error instanceof ObservabilityError) {
    expect(error.detail.errorCode).toBe(errorCode)
    expect(error.message).toContain(error.detail.message)
  }
  const { detail, ...rest } = JSON.parse(error.body)
  expect(rest).toEqual({})
  expect(detail).toEqual({ message: expect.stringContaining(says), error_code: errorCode })
  expect(error.headers.get('retry-after')).toBe(status === 429 ? '7' : null)
  expect(error.body).not.toContain('secret of the machine')
}
