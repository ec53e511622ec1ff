import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { path, startTestAssize } from '../support/test-assize.ts'

const keysPath = '/v1/observability/keys'

for (const engine of engines) {
  describe(`keys over the API on ${engine.name}`, () => {
    it('are told once, work by their role, and end when they are revoked', async () => {
      const { call } = await startTestAssize({ engine })
      const made = await call('POST', keysPath, { body: { name: 'CI', role: 'viewer' } })
      expect(made).toMatchObject({
        status: 201,
        body: { name: 'CI', role: 'viewer', expires_at: null, revoked_at: null, last_used_at: null },
      })
      const { key, ...told } = made.body
      expect((await call('GET', path, { key })).status).toBe(200)
      expect((await call('GET', keysPath, { key })).status).toBe(403)
      const { keys } = (await call('GET', keysPath)).body
      expect(keys.map(({ name }: { name: string }) => name)).toEqual(['CI', 'first key'])
      expect(keys[0]).toMatchObject({ ...told, last_used_at: '2026-01-02T03:04:05.000Z' })
      expect(JSON.stringify(keys)).not.toContain(key)
      expect((await call('DELETE', `${keysPath}/${told.id}`)).status).toBe(204)
      expect((await call('GET', path, { key })).status).toBe(401)
      expect((await call('GET', keysPath)).body.keys[0].revoked_at).toBe('2026-01-02T03:04:05.000Z')
    })

    it('end when they expire', async () => {
      const { call, advance } = await startTestAssize({ engine })
      const expires_at = '2026-01-03T00:00:00Z'
      const { body } = await call('POST', keysPath, { body: { name: 'A day', expires_at } })
      expect(body).toMatchObject({ role: 'editor', expires_at: '2026-01-03T00:00:00.000Z' })
      expect((await call('GET', path, { key: body.key })).status).toBe(200)
      advance(86_400_000)
      expect((await call('GET', path, { key: body.key })).status).toBe(401)
    })

    it('are those of the workspace alone', async () => {
      const assize = await startTestAssize({ engine })
      const other = await assize.keyOf('admin', 'research')
      const { keys } = (await assize.call('GET', keysPath, { key: other })).body
      expect(keys).toHaveLength(1)
      const [own] = (await assize.call('GET', keysPath)).body.keys
      expect((await assize.call('DELETE', `${keysPath}/${own.id}`, { key: other })).status).toBe(404)
    })
  })
}

it.each([
  [{}, /name/],
  [{ name: '' }, /name/],
  [{ name: 'a', role: 'owner' }, /role/],
  [{ name: 'a', expires_at: 'tomorrow' }, /expires_at.*2027-01-31T12:00:00Z/],
  [{ name: 'a', expires_at: '2025-01-01T00:00:00Z' }, /expires_at: has passed/],
])('%j makes no key', async (body, says) => {
  const { call } = await startTestAssize()
  const answer = await call('POST', keysPath, { body })
  expect(answer.status).toBe(422)
  expect(answer.body.detail.message).toMatch(says)
  expect((await call('GET', keysPath)).body.keys).toHaveLength(1)
})
