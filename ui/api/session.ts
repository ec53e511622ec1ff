import { queryOptions } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'
import { api, taken } from './client.ts'

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => taken(api.GET('/v1/observability/me', { signal })),
  staleTime: 60_000,
})

/** A key, or the one-time token of a link that the terminal printed. */
export type Proof = { readonly key: string } | { readonly token: string }

/** Signs in, so that calls carry the session's cookie from now on. @throws ApiError */
export async function signIn(proof: Proof): Promise<void> {
  await send('POST', proof)
}

/** Ends the session, on the server too. @throws ApiError */
export async function signOut(): Promise<void> {
  await send('DELETE')
}

async function send(method: 'POST' | 'DELETE', body?: Proof): Promise<void> {
  const response = await fetch('/session', {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw ApiError.unreachable(cause)
  })
  if (!response.ok) throw ApiError.answered(response, await response.json().catch(() => undefined))
}
