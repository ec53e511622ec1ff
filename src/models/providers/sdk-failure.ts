import { ModelFailure } from '../../judging/model.ts'
import { parseJson } from '../parse-json.ts'
import type { HttpAnswer } from './http-connection.ts'

/**
 * What a call that failed within an SDK means.
 * @param unreadable what a success that holds no reply means
 * @returns the error itself where it is none of the provider: it is a mistake of this program
 */
export function readSdkFailure(
  error: unknown,
  unreadable: (answer: HttpAnswer, problem: string) => ModelFailure,
): unknown {
  const failure = within(error, (cause) => cause instanceof ModelFailure)
  if (failure !== undefined) return failure
  const said = (error ?? {}) as Readonly<Record<string, unknown>>
  // Mistral's SDK and `ai` have different words for the same.
  const { statusCode: status, responseBody: body = said.body } = said
  if (typeof status !== 'number') return error
  const answer = { status, headers: {}, body: typeof body === 'string' ? body : '' }
  return unreadable(
    answer,
    parseJson(answer.body) === undefined ? 'a reply that is no JSON' : 'a reply without a message',
  )
}

/** The SDK wraps what looks to it like an error of the network. */
function within(error: unknown, isSought: (cause: unknown) => boolean): unknown {
  let cause = error
  for (let depth = 0; depth < 5 && cause != null; depth += 1) {
    if (isSought(cause)) return cause
    cause = (cause as { cause?: unknown }).cause
  }
  return undefined
}
