import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { type Answer, approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const me = '/v1/observability/me'
const page = { 'sec-fetch-site': 'same-origin' }
const dayMs = 86_400_000

function signIn({ call }: TestAssize, body: object, headers: Record<string, string> = page): Promise<Answer> {
  return call('POST', '/session', { key: false, body, headers })
}

/** The cookie as a browser sends it back. */
function cookieOf({ headers }: Answer): string {
  const [pair = ''] = String(headers['set-cookie']).split(';', 1)
  return pair
}

/** A call as a browser that is signed in makes it. */
function callAs({ call }: TestAssize, cookie: string) {
  return (method: string, url: string, body?: unknown, headers: Record<string, string> = page) =>
    call(method, url, { key: false, body, headers: { cookie, ...headers } })
}

for (const engine of engines) {
  describe(`a session on ${engine.name}`, () => {
    it('stands for the key that it began with', async () => {
      const assize = await startTestAssize({ engine })
      const begun = await signIn(assize, { key: assize.key })
      expect(begun).toMatchObject({ status: 200, body: { role: 'admin', workspace: { name: 'default' } } })
      const call = callAs(assize, cookieOf(begun))
      const byKey = await assize.call('GET', me)
      expect((await call('GET', me)).body).toEqual(byKey.body)
      expect((await call('POST', path, approval)).status).toBe(201)
    })

    it('ends when it is signed out, on the server too', async () => {
      const assize = await startTestAssize({ engine })
      const call = callAs(assize, cookieOf(await signIn(assize, { key: assize.key })))
      const ended = await call('DELETE', '/session')
      expect(ended.status).toBe(204)
      expect(String(ended.headers['set-cookie'])).toMatch(/assize_session=;.*Expires=Thu, 01 Jan 1970/)
      expect((await call('GET', me)).status).toBe(401)
    })

    it('ends with its key', async () => {
      const assize = await startTestAssize({ engine })
      const key = await assize.keyOf('editor')
      const call = callAs(assize, cookieOf(await signIn(assize, { key })))
      const { key_id: id } = (await call('GET', me)).body
      await assize.assize.keys.revoke('default', id)
      const refused = await call('GET', me)
      expect(refused).toMatchObject({ status: 401, body: { detail: { error_code: 'AUTH_UNAUTHORIZED' } } })
      expect(refused.body.detail.message).toMatch(/was revoked/)
    })

    it('lasts while it is used, and thirty days at most', async () => {
      const assize = await startTestAssize({ engine })
      const call = callAs(assize, cookieOf(await signIn(assize, { key: assize.key })))
      for (let day = 6; day < 30; day += 6) {
        assize.advance(6 * dayMs)
        expect((await call('GET', me)).status, `after ${day} days`).toBe(200)
      }
      assize.advance(6 * dayMs)
      expect((await call('GET', me)).status).toBe(401)
    })

    it('ends after a week without use', async () => {
      const assize = await startTestAssize({ engine })
      const call = callAs(assize, cookieOf(await signIn(assize, { key: assize.key })))
      assize.advance(7 * dayMs)
      expect((await call('GET', me)).status).toBe(401)
    })

    it('begins with a link once, and only in time', async () => {
      const assize = await startTestAssize({ engine })
      const { key_id: keyId } = (await assize.call('GET', me)).body
      const token = await assize.assize.sessions.makeLinkToken(keyId)
      const [first, second] = await Promise.all([signIn(assize, { token }), signIn(assize, { token })])
      expect([first.status, second.status].sort()).toEqual([200, 401])
      const late = await assize.assize.sessions.makeLinkToken(keyId)
      assize.advance(15 * 60_000)
      expect((await signIn(assize, { token: late })).status).toBe(401)
    })
  })
}

describe('the cookie', () => {
  it('is out of reach of scripts and other sites', async () => {
    const assize = await startTestAssize()
    const { headers } = await signIn(assize, { key: assize.key })
    expect(String(headers['set-cookie'])).toMatch(/^assize_session=[\w-]{43}; .*HttpOnly; SameSite=Strict$/)
  })

  it('counts only on requests of this server’s own page, where they change something', async () => {
    const assize = await startTestAssize()
    const call = callAs(assize, cookieOf(await signIn(assize, { key: assize.key })))
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await call('POST', `${path}/lint`, approval, headers)).status
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await status({ 'sec-fetch-site': 'same-site' })).toBe(403)
    expect(await status({ 'sec-fetch-site': 'none' })).toBe(403)
    expect(await status({})).toBe(403)
    expect(await status({ origin: 'http://elsewhere.example', host: 'here.example' })).toBe(403)
    expect(await status({ origin: 'null', host: 'here.example' })).toBe(403)
    expect(await status({ origin: 'http://here.example', host: 'here.example' })).toBe(200)
    expect(await status(page)).toBe(200)
  })

  it('gives way to a key', async () => {
    const assize = await startTestAssize()
    const cookie = cookieOf(await signIn(assize, { key: assize.key }))
    const viewer = await assize.keyOf('viewer')
    const answer = await assize.call('GET', me, { key: viewer, headers: { cookie } })
    expect(answer.body.role).toBe('viewer')
  })

  it.each([
    [{ key: 'unknown' }, 401],
    [{ token: 'unknown' }, 401],
    [{ key: '' }, 422],
    [{}, 422],
  ])('is not given for %j', async (body, status) => {
    const answer = await signIn(await startTestAssize(), body)
    expect(answer.status).toBe(status)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })
})
