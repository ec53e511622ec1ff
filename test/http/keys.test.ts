import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { path, startTestAssize } from '../support/test-assize.ts'

const keysPath = '/v1/observability/keys'
const me = '/v1/observability/me'

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
      const { results: keys } = (await call('GET', keysPath)).body.keys
      expect(keys.map(({ name }: { name: string }) => name)).toEqual(['CI', 'first key'])
      expect(keys[0]).toMatchObject({ ...told, last_used_at: '2026-01-02T03:04:05.000Z' })
      expect(JSON.stringify(keys)).not.toContain(key)
      expect((await call('DELETE', `${keysPath}/${told.id}`)).status).toBe(204)
      expect((await call('GET', path, { key })).status).toBe(401)
      expect((await call('GET', keysPath)).body.keys.results[0].revoked_at).toBe('2026-01-02T03:04:05.000Z')
    })

    it('are listed a page at a time, newest first', async () => {
      const { call, advance } = await startTestAssize({ engine })
      for (const name of ['one', 'two']) {
        advance(1000)
        await call('POST', keysPath, { body: { name } })
      }
      const first = (await call('GET', `${keysPath}?page_size=2`)).body.keys
      expect(first).toMatchObject({
        results: [{ name: 'two' }, { name: 'one' }],
        count: 3,
        next: `${keysPath}?page_size=2&page=2`,
      })
      const second = (await call('GET', first.next)).body.keys
      expect(second).toMatchObject({ results: [{ name: 'first key' }], count: 3, next: null })
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
      const { results: keys } = (await assize.call('GET', keysPath, { key: other })).body.keys
      expect(keys).toHaveLength(1)
      const [own] = (await assize.call('GET', keysPath)).body.keys.results
      expect((await assize.call('DELETE', `${keysPath}/${own.id}`, { key: other })).status).toBe(404)
    })

    it('end at once when they are revoked, by themselves too', async () => {
      const { call, keyOf } = await startTestAssize({ engine })
      const own = await keyOf('admin')
      const { key_id: id } = (await call('GET', me, { key: own })).body
      expect((await call('DELETE', `${keysPath}/${id.toUpperCase()}`, { key: own })).status).toBe(204)
      expect((await call('GET', me, { key: own })).body.detail.message).toMatch(/revoked/)
      expect((await call('DELETE', `${keysPath}/${id}`)).status).toBe(204)
    })

    it('leave a workspace with one that manages them', async () => {
      const { call, keyOf, advance } = await startTestAssize({ engine })
      const { key_id: first } = (await call('GET', me)).body
      await keyOf('admin', 'research')
      await keyOf('editor')
      const wanted = { name: 'brief', role: 'admin', expires_at: '2026-01-02T03:05:00Z' }
      const { body: brief } = await call('POST', keysPath, { body: wanted })
      advance(60_000)
      const refused = await call('DELETE', `${keysPath}/${first}`)
      expect(refused.status).toBe(409)
      expect(refused.body.detail.message).toMatch(/last admin key that lives/)
      expect((await call('DELETE', `${keysPath}/${brief.id}`)).status).toBe(204)
      expect((await call('GET', me)).status).toBe(200)
    })

    it('leave one of two admins that revoke each other at the same time', async () => {
      const { call, key, keyOf } = await startTestAssize({ engine })
      const other = await keyOf('admin')
      const idOf = async (bearer: string) => (await call('GET', me, { key: bearer })).body.key_id
      const [id, otherId] = [await idOf(key), await idOf(other)]
      await Promise.all([
        call('DELETE', `${keysPath}/${otherId}`, { key }),
        call('DELETE', `${keysPath}/${id}`, { key: other }),
      ])
      const answers = await Promise.all([call('GET', me, { key }), call('GET', me, { key: other })])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
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
  expect((await call('GET', keysPath)).body.keys.count).toBe(1)
})
