import createClient from 'openapi-fetch'
import { ApiError } from './api-error.ts'
import type { paths } from './openapi.ts'

/** The server that the page came from; who calls stands in a cookie that no script can read. */
export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' })

interface Answered<Data> {
  readonly data?: Data
  readonly error?: unknown
  readonly response: Response
}

/**
 * What the server answered.
 * @throws ApiError where it answered with an error, or could not be reached
 */
export async function taken<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw ApiError.unreachable(cause)
  })
  if (!response.ok) throw ApiError.answered(response, error)
  return data as Data
}
