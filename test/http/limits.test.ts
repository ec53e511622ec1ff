import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const me = '/v1/observability/me'
const page = { 'sec-fetch-site': 'same-origin' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** Three wrong keys from each address may come in a minute. */
function startGuarded(): Promise<TestAssize> {
  return startTestAssize({
    config: { limits: { wrongKeysPerMinute: 3 }, trustedProxies: ['127.0.0.0/8'] },
  })
}

/** Calls from an address, and what they are answered with. */
function callsFrom({ call }: TestAssize, address: string) {
  return async (key: string | false): Promise<number> =>
    (await call('GET', me, { key, headers: { 'x-forwarded-for': address } })).status
}

async function guess(statusOf: (key: string) => Promise<number>, times: number): Promise<number[]> {
  const statuses: number[] = []
  for (let time = 0; time < times; time++) statuses.push(await statusOf(`wrong-${time}`))
  return statuses
}

describe('who guesses keys', () => {
  it('is refused for a minute, and not told whether a guess was right', async () => {
    const assize = await startGuarded()
    const from = callsFrom(assize, '192.0.2.1')
    expect(await guess(from, 5)).toEqual([401, 401, 401, 429, 429])
    const refused = await assize.call('GET', me, { headers: { 'x-forwarded-for': '192.0.2.1' } })
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
    expect(refused.body.detail.message).toMatch(/^Too many wrong keys .* in 60 s\.$/)
    vi.setSystemTime(Date.now() + 59_999)
    expect(await from(assize.key)).toBe(429)
    vi.setSystemTime(Date.now() + 1)
    expect(await from(assize.key)).toBe(200)
  })

  it('stops nobody at another address, and nobody whose key was right before', async () => {
    const assize = await startGuarded()
    const [from, elsewhere] = [callsFrom(assize, '192.0.2.1'), callsFrom(assize, '192.0.2.2')]
    const editor = await assize.keyOf('editor')
    expect(await from(assize.key)).toBe(200)
    await guess(from, 4)
    expect(await from(assize.key)).toBe(200)
    expect(await from(editor)).toBe(429)
    expect(await elsewhere(editor)).toBe(200)
    expect(await from(editor)).toBe(200)
  })

  it('is counted by the address that a proxy tells only where the proxy is trusted', async () => {
    const assize = await startTestAssize({ config: { limits: { wrongKeysPerMinute: 3 } } })
    expect(await guess(callsFrom(assize, '192.0.2.1'), 3)).toEqual([401, 401, 401])
    expect(await callsFrom(assize, '192.0.2.2')('wrong')).toBe(429)
  })

  it('is counted by the network of an IPv6 address', async () => {
    const assize = await startGuarded()
    await guess(callsFrom(assize, '2001:db8::1'), 3)
    expect(await callsFrom(assize, '2001:db8::2')('wrong')).toBe(429)
    expect(await callsFrom(assize, '2001:db8:0:1::1')('wrong')).toBe(401)
  })

  it('is counted where one signs in too, where no key is taken then', async () => {
    const assize = await startGuarded()
    const signIn = async (body: object): Promise<number> =>
      (await assize.call('POST', '/session', { key: false, body, headers: page })).status
    expect(await guess((key) => signIn({ key }), 2)).toEqual([401, 401])
    expect(await signIn({ token: 'wrong' })).toBe(401)
    expect(await signIn({ token: 'wrong' })).toBe(429)
    expect(await signIn({ key: assize.key })).toBe(429)
  })

  it('is not who sends no key, or one whose role is too low', async () => {
    const assize = await startGuarded()
    const from = callsFrom(assize, '192.0.2.1')
    for (let time = 0; time < 5; time++) expect(await from(false)).toBe(401)
    const key = await assize.keyOf('viewer')
    for (let time = 0; time < 5; time++)
      expect((await assize.call('POST', path, { key, body: {} })).status).toBe(403)
  })
})

describe('a key', () => {
  it('may make so many requests a minute, wherever they come from', async () => {
    const { call, keyOf } = await startTestAssize({ config: { limits: { requestsPerMinute: 3 } } })
    const other = await keyOf('viewer')
    for (let time = 0; time < 3; time++) expect((await call('GET', me)).status).toBe(200)
    vi.setSystemTime(Date.now() + 15_000)
    const refused = await call('GET', path)
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '45' } })
    expect(refused.body.detail.message).toMatch(/its 3 requests of this minute .* in 45 s\.$/)
    expect((await call('GET', me, { key: other })).status).toBe(200)
    vi.setSystemTime(Date.now() + 45_000)
    expect((await call('GET', me)).status).toBe(200)
  })

  it('counts with the sessions that it began', async () => {
    const { call, key } = await startTestAssize({ config: { limits: { requestsPerMinute: 2 } } })
    const begun = await call('POST', '/session', { key: false, body: { key }, headers: page })
    const [cookie = ''] = String(begun.headers['set-cookie']).split(';', 1)
    const bySession = async () => (await call('GET', me, { key: false, headers: { cookie, ...page } })).status
    expect(await bySession()).toBe(200)
    expect((await call('GET', me)).status).toBe(200)
    expect(await bySession()).toBe(429)
  })

  it('reads metrics all the same, and nobody needs one for health', async () => {
    const { call } = await startTestAssize({ config: { limits: { requestsPerMinute: 1 } } })
    for (const open of ['/metrics', '/healthz', '/readyz'])
      for (let time = 0; time < 3; time++) expect((await call('GET', open)).status).toBe(200)
  })

  it('has no limit without the setting', async () => {
    const { call } = await startTestAssize({ config: { limits: {} } })
    for (let time = 0; time < 100; time++) expect((await call('GET', me)).status).toBe(200)
    for (let time = 0; time < 100; time++) expect((await call('GET', me, { key: 'wrong' })).status).toBe(401)
  })
})
