import { describe, expect, it } from 'vitest'
import { roles } from '../../src/access/role.ts'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'
import { callOn, documentedName, endpoints, hidingCode, makeThings } from './endpoints.ts'

const mayDo: Readonly<Record<(typeof roles)[number], readonly string[]>> = {
  viewer: ['read'],
  editor: ['read', 'write', 'judge'],
  admin: ['read', 'write', 'judge', 'manage_keys'],
}

describe('a role', () => {
  it.each(roles)('%s may do what it may, and nothing else', async (role) => {
    const assize = await startTestAssize()
    const things = await makeThings(assize)
    const key = await assize.keyOf(role)
    for (const endpoint of endpoints) {
      const answer = await callOn(assize, endpoint, things, key)
      const expected = mayDo[role].includes(endpoint.action) ? endpoint.status : 403
      expect(answer.status, `${endpoint.method} ${endpoint.url}`).toBe(expected)
    }
  })

  it('is asked for by every route but the open ones', async () => {
    const { call } = await startTestAssize()
    const { paths } = (await call('GET', '/openapi.json')).body
    const documented = Object.entries(paths).flatMap(([url, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${url}`),
    )
    const asked = endpoints.map(documentedName)
    expect(documented.sort()).toEqual(
      [...asked, 'POST /session', 'DELETE /session', 'GET /healthz', 'GET /readyz'].sort(),
    )
  })
})

describe('without a key', () => {
  it('nothing but the open routes answers', async () => {
    const assize = await startTestAssize()
    const things = await makeThings(assize)
    for (const endpoint of endpoints) {
      const answer = await callOn(assize, endpoint, things, false)
      expect(answer, `${endpoint.method} ${endpoint.url}`).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer' },
        body: { detail: { error_code: 'AUTH_UNAUTHORIZED' } },
      })
    }
    for (const open of ['/healthz', '/readyz', '/openapi.json', '/docs/']) {
      expect((await assize.call('GET', open, { key: false })).status, open).toBe(200)
    }
    expect(assize.model.requests).toEqual([])
  })

  it('nobody learns whether a request was right, or a judge there', async () => {
    const assize = await startTestAssize()
    const viewer = await assize.keyOf('viewer')
    for (const [key, status] of [
      [false, 401],
      ['unknown', 401],
      [viewer, 403],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      for (const body of ['{', '{}', 'x'.repeat(assize.config.maxBodyBytes + 1)]) {
        expect((await assize.call('POST', path, { key, body, headers })).status).toBe(status)
        expect((await assize.call('PUT', `${path}/no-uuid`, { key, body, headers })).status).toBe(status)
      }
      expect((await assize.call('DELETE', `${path}/no-uuid`, { key })).status).toBe(status)
    }
  })

  it.each([
    'Basic KEY',
    'Bearer',
    'Bearer ',
    'KEY',
    'Bearer KEY KEY',
    'Bearer  ',
    'bearer\tKEY',
    'Token KEY',
  ])('%j is none', async (form) => {
    const { call, key } = await startTestAssize()
    const headers = { authorization: form.replaceAll('KEY', key) }
    expect((await call('GET', path, { key: false, headers })).status).toBe(401)
  })

  it.each(['Bearer KEY', 'bearer KEY', 'BEARER   KEY', 'Bearer KEY '])('%j is one', async (form) => {
    const { call, key } = await startTestAssize()
    const headers = { authorization: form.replaceAll('KEY', key) }
    expect((await call('GET', path, { key: false, headers })).status).toBe(200)
  })
})

for (const engine of engines) {
  describe(`workspaces on ${engine.name}`, () => {
    it('see their own and nothing else', async () => {
      const assize = await startTestAssize({ engine })
      const things = await makeThings(assize)
      const { body: judge } = await assize.call('GET', `${path}/${things.JUDGE}`)
      const { body: datasets } = await assize.call('GET', '/v1/observability/datasets')
      const key = await assize.keyOf('admin', 'research')
      for (const known of [things, { ...things, JUDGE: judge.base_revision }]) {
        for (const endpoint of endpoints) {
          const code = hidingCode(endpoint)
          if (code === undefined) continue
          const answer = await callOn(assize, endpoint, known, key)
          const hidden = { status: 404, body: { detail: { error_code: code } } }
          expect(answer, documentedName(endpoint)).toMatchObject(hidden)
        }
      }
      expect(assize.model.requests).toEqual([])
      expect((await assize.call('GET', '/v1/observability/datasets', { key })).body.datasets.count).toBe(0)
      expect((await assize.call('GET', '/v1/observability/datasets')).body).toEqual(datasets)
      for (const query of ['', '?q=approval', '?type_filter=CLASSIFICATION', '?model_filter=scripted']) {
        const { body } = await assize.call('GET', `${path}${query}`, { key })
        expect(body.judges).toMatchObject({ results: [], count: 0 })
      }
      const own = await assize.call('POST', path, { key, body: approval })
      expect(own.status).toBe(201)
      expect(own.body.workspace_id).not.toBe(judge.workspace_id)
      expect((await assize.call('DELETE', `${path}/${own.body.id}`, { key })).status).toBe(204)
      expect((await assize.call('GET', `${path}/${judge.id}`)).body).toEqual(judge)
      expect((await assize.call('GET', path)).body.judges.results).toEqual([judge])
    })
  })

  describe(`a key on ${engine.name}`, () => {
    it('ends when it expires', async () => {
      const assize = await startTestAssize({ engine })
      const expiresAt = new Date(Date.UTC(2026, 0, 2, 3, 4, 15))
      const request = {
        name: 'brief',
        role: 'viewer',
        workspaceName: 'default',
        ownerName: 'x',
        expiresAt,
      } as const
      const { key } = await assize.assize.keys.create(request)
      assize.advance(9999)
      expect((await assize.call('GET', path, { key })).status).toBe(200)
      assize.advance(1)
      const expired = await assize.call('GET', path, { key })
      expect(expired).toMatchObject({ status: 401 })
      expect(expired.body.detail.message).toMatch(/expired/)
    })

    it('ends when it is revoked', async () => {
      const assize = await startTestAssize({ engine })
      const { keys } = assize.assize
      const request = {
        name: 'x',
        role: 'viewer',
        workspaceName: 'default',
        ownerName: 'x',
        expiresAt: null,
      } as const
      const { key, record } = await keys.create(request)
      await keys.createWorkspace('research')
      expect(await keys.revoke('research', record.id)).toBe('missing')
      expect((await assize.call('GET', path, { key })).status).toBe(200)
      expect(await keys.revoke('default', record.id)).toBe('revoked')
      const revoked = await assize.call('GET', path, { key })
      expect(revoked).toMatchObject({ status: 401 })
      expect(revoked.body.detail.message).toMatch(/revoked/)
    })

    it('has its last use written, once a minute at most', async () => {
      const assize = await startTestAssize({ engine })
      const start = Date.UTC(2026, 0, 2, 3, 4, 5)
      const lastUse = async (): Promise<number | undefined> =>
        (await assize.assize.keys.list('default'))[0]?.lastUsedAt?.getTime()
      expect(await lastUse()).toBeUndefined()
      await assize.call('GET', path)
      await expect.poll(lastUse).toBe(start)
      assize.advance(59_999)
      for (let calls = 0; calls < 5; calls++) await assize.call('GET', path)
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(await lastUse()).toBe(start)
      assize.advance(1)
      await assize.call('GET', path)
      await expect.poll(lastUse).toBe(start + 60_000)
      assize.advance(30_000)
      await assize.call('GET', path)
      await assize.assize.keys.writeUses()
      expect(await lastUse()).toBe(start + 90_000)
    })
  })
}
