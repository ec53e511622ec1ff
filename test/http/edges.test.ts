import { describe, expect, it } from 'vitest'
import { configOf, refusal } from '../support/config-of.ts'
import { startTestAssize } from '../support/test-assize.ts'

const origin = 'https://court.example'

describe('the edges of the server', () => {
  it('tell browsers to stay with this server, on every kind of answer', async () => {
    const { call } = await startTestAssize()
    for (const path of ['/healthz', '/no-such-route', '/v1/observability/judges', '/openapi.json']) {
      const { headers } = await call('GET', path, { key: false, headers: { origin } })
      expect(headers['content-security-policy']).toContain("default-src 'self';")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      expect(headers).not.toHaveProperty('access-control-allow-origin')
      expect(headers).not.toHaveProperty('strict-transport-security')
    }
    const { headers } = await call('GET', '/docs/', { key: false })
    expect(headers['content-security-policy']).toContain("'unsafe-eval'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  it('let pages of listed origins call, and no others', async () => {
    const { call } = await startTestAssize({ config: { corsOrigins: [origin] } })
    const ask = {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization',
    }
    const path = '/v1/observability/judges'
    const allowed = await call('OPTIONS', path, { key: false, headers: ask })
    expect(allowed).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': origin } })
    expect(allowed.headers['access-control-allow-methods']).toContain('PUT')
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials')
    const refused = await call('GET', path, { key: false, headers: { origin } })
    expect(refused).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': origin } })
    const other = await call('OPTIONS', path, {
      key: false,
      headers: { ...ask, origin: 'https://evil.example' },
    })
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('believe no proxy but those that are listed', async () => {
    const headers = { 'x-forwarded-proto': 'https' }
    const hsts = async (trustedProxies: readonly string[]) => {
      const { call } = await startTestAssize({ config: { trustedProxies } })
      return (await call('GET', '/healthz', { key: false, headers })).headers['strict-transport-security']
    }
    expect(await hsts(['127.0.0.0/8'])).toBe('max-age=31536000')
    expect(await hsts(['10.0.0.7'])).toBeUndefined()
    expect(await hsts([])).toBeUndefined()
  })

  it('are refused by name where they can not be used', () => {
    for (const wrong of ['*', 'court.example', 'https://court.example/', 'null']) {
      expect(refusal(() => configOf(`server: {cors_origins: ["${wrong}"]}`))).toContain(
        'server.cors_origins[0]',
      )
    }
    for (const wrong of ['0.0.0.0/0', 'proxy.example', '10.0.0.0/33', '::/0', '10.0.0.0/8/8']) {
      expect(refusal(() => configOf(`server: {trusted_proxies: ["${wrong}"]}`))).toContain(
        'server.trusted_proxies[0]',
      )
    }
    const { trustedProxies } = configOf('server: {trusted_proxies: ["fd00::/8", 10.0.0.7]}')
    expect(trustedProxies).toEqual(['fd00::/8', '10.0.0.7'])
  })
})
