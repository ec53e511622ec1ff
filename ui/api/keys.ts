import { queryOptions } from '@tanstack/react-query'
import { api, taken } from './client.ts'

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => {
    const all = []
    for (let page = 1; ; page++) {
      const query = { page: String(page), page_size: '100' }
      const { keys } = await taken(api.GET('/v1/observability/keys', { params: { query }, signal }))
      all.push(...keys.results)
      if (keys.next === null) return all
    }
  },
})

export const keyRoles = ['viewer', 'editor', 'admin'] as const
export type KeyRole = (typeof keyRoles)[number]

export interface NewKey {
  readonly name: string
  readonly role: KeyRole
  /** In days from now; undefined for never. */
  readonly days: number | undefined
}

const dayMs = 86_400_000

/** Makes a key; what it gives is told this once. @throws ApiError */
export async function createKey({ name, role, days }: NewKey): Promise<string> {
  const expires = days === undefined ? {} : { expires_at: new Date(Date.now() + days * dayMs).toISOString() }
  return (await taken(api.POST('/v1/observability/keys', { body: { name, role, ...expires } }))).key
}

/** @throws ApiError */
export async function revokeKey(keyId: string): Promise<void> {
  await taken(api.DELETE('/v1/observability/keys/{key_id}', { params: { path: { key_id: keyId } } }))
}
