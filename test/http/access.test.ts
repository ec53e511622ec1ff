import { describe, expect, it } from 'vitest'
import { roles } from '../../src/access/role.ts'
import { engines } from '../support/engines.ts'
import { type Answer, approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const conversation = { messages: [{ role: 'user', content: 'Hi' }] }

/** Every endpoint that asks for a key; `ID` stands for a judge's id. */
const endpoints = [
  { action: 'read', method: 'GET', url: path, status: 200 },
  { action: 'read', method: 'GET', url: `${path}/ID`, status: 200 },
  { action: 'read', method: 'GET', url: `${path}/ID/revisions`, status: 200 },
  { action: 'read', method: 'GET', url: '/v1/models', status: 200 },
  { action: 'read', method: 'GET', url: '/v1/observability/tools', status: 200 },
  { action: 'write', method: 'POST', url: path, body: { ...approval, name: 'Another' }, status: 201 },
  { action: 'read', method: 'POST', url: `${path}/lint`, body: approval, status: 200 },
  { action: 'write', method: 'PUT', url: `${path}/ID`, body: { ...approval, name: 'Changed' }, status: 204 },
  { action: 'judge', method: 'POST', url: `${path}/ID/live-judging`, body: conversation, status: 200 },
  { action: 'write', method: 'DELETE', url: `${path}/ID`, status: 204 },
] as const

const mayDo: Readonly<Record<(typeof roles)[number], readonly string[]>> = {
  viewer: ['read'],
  editor: ['read', 'write', 'judge'],
  admin: ['read', 'write', 'judge'],
}

type Endpoint = (typeof endpoints)[number]

function callOn({ call }: TestAssize, endpoint: Endpoint, id: string, key: string | false): Promise<Answer> {
  return call(endpoint.method, endpoint.url.replace('ID', id), {
    key,
    ...('body' in endpoint && { body: endpoint.body }),
  })
}

describe('a role', () => {
  it.each(roles)('%s may do what it may, and nothing else', async (role) => {
    const assize = await startTestAssize()
    const { body: judge } = await assize.call('POST', path, { body: approval })
    const key = await assize.keyOf(role)
    for (const endpoint of endpoints) {
      const answer = await callOn(assize, endpoint, judge.id, key)
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
    const asked = endpoints.map(({ method, url }) => `${method} ${url.replace('ID', '{judge_id}')}`)
    expect(documented.sort()).toEqual([...asked, 'GET /healthz', 'GET /readyz'].sort())
  })
})

describe('without a key', () => {
  it('nothing but the open routes answers', async () => {
    const assize = await startTestAssize()
    const { body: judge } = await assize.call('POST', path, { body: approval })
    for (const endpoint of endpoints) {
      const answer = await callOn(assize, endpoint, judge.id, false)
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
    it('see their own judges and nothing else', async () => {
      const assize = await startTestAssize({ engine })
      const { body: judge } = await assize.call('POST', path, { body: approval })
      const key = await assize.keyOf('admin', 'research')
      const hidden = { status: 404, body: { detail: { error_code: 'JUDGE_NOT_FOUND' } } }
      for (const id of [judge.id, judge.base_revision]) {
        for (const endpoint of endpoints.filter(({ url }) => url.includes('ID'))) {
          expect(await callOn(assize, endpoint, id, key), endpoint.method).toMatchObject(hidden)
        }
      }
      expect(assize.model.requests).toEqual([])
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
