import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Answer, approval, path, startTestAssize } from '../support/test-assize.ts'

function told({ status, body }: Answer): unknown {
  return { status, ...body }
}

const json = { 'content-type': 'application/json' }

describe('a request is refused for', () => {
  it('no body', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('POST', path))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected object, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('an empty body', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('POST', path, { headers: json, body: '' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected object, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('a body that is no JSON', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('POST', path, { body: '{"name": "Approval",}' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected JSON; Expected double-quoted property name in JSON at position 20 (line 1 column 21).",
        },
        "status": 422,
      }
    `)
  })

  it('a body that is cut', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('POST', path, { body: '{"name": ' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected JSON; Unexpected end of JSON input.",
        },
        "status": 422,
      }
    `)
  })

  it('a body of null', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('POST', path, { body: 'null' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected object, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('a body that is an array', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('POST', path, { body: [approval] }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected object, found an array.",
        },
        "status": 422,
      }
    `)
  })

  it('a body that is text', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('POST', path, { body: '"Approval"' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected object, found "Approval".",
        },
        "status": 422,
      }
    `)
  })

  it('a body of another type', async () => {
    const { call } = await startTestAssize()
    expect(
      told(
        await call('POST', path, {
          body: 'name=Approval',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
      ),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body has another type; expected "Content-Type: application/json".",
        },
        "status": 422,
      }
    `)
  })

  it('a body of plain text', async () => {
    const { call } = await startTestAssize()
    expect(
      told(await call('POST', path, { body: approval, headers: { 'content-type': 'text/plain' } })),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body has another type; expected "Content-Type: application/json".",
        },
        "status": 422,
      }
    `)
  })

  it('a body of no type', async () => {
    const { call } = await startTestAssize()
    expect(
      told(await call('POST', path, { body: approval, headers: { 'content-type': '' } })),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body has another type; expected "Content-Type: application/json".",
        },
        "status": 422,
      }
    `)
  })

  it('a body that is too large', async () => {
    const { call } = await startTestAssize()
    expect(
      told(await call('POST', path, { body: { ...approval, padding: 'x'.repeat(4_194_304) } })),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body is larger than 4194304 bytes, the limit of this server (server.max_body_bytes).",
        },
        "status": 413,
      }
    `)
  })

  it('a path that is not there', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('GET', '/v1/observability/juries?q=secret'))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": null,
          "message": "There is no GET /v1/observability/juries; /docs lists what there is.",
        },
        "status": 404,
      }
    `)
  })

  it('a method that is not there', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('PATCH', path))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": null,
          "message": "There is no PATCH /v1/observability/judges; /docs lists what there is.",
        },
        "status": 404,
      }
    `)
  })

  it('a path that can not be decoded', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('GET', `${path}/%E0%A4%A`))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The request can't be read: '/v1/observability/judges/%E0%A4%A' is not a valid url component.",
        },
        "status": 422,
      }
    `)
  })

  it('an id that is too long', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('GET', `${path}/${'x'.repeat(5000)}`))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "judge_id: expected a UUID, found 5,000 characters.",
        },
        "status": 422,
      }
    `)
  })

  it('no key', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('GET', path, { key: false }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "AUTH_UNAUTHORIZED",
          "message": "There is no key; expected "Authorization: Bearer KEY".",
        },
        "status": 401,
      }
    `)
  })

  it('an unknown key', async () => {
    const { call } = await startTestAssize()
    expect(told(await call('GET', path, { key: 'assize_unknown' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "AUTH_UNAUTHORIZED",
          "message": "This key is not known; expected a living key as "Authorization: Bearer KEY".",
        },
        "status": 401,
      }
    `)
  })

  it('a key whose role may not do it', async () => {
    const { call, keyOf } = await startTestAssize()
    const key = await keyOf('viewer')
    expect(told(await call('POST', path, { key, body: approval }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "AUTH_FORBIDDEN",
          "message": "A key with the role viewer may not create, change or delete anything; expected the role editor or admin.",
        },
        "status": 403,
      }
    `)
    const live = `${path}/00000000-0000-0000-0000-000000000000/live-judging`
    expect(told(await call('POST', live, { key, body: {} }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "AUTH_FORBIDDEN",
          "message": "A key with the role viewer may not run judges; expected the role editor or admin.",
        },
        "status": 403,
      }
    `)
  })

  it('a key that has ended', async () => {
    const { call, assize } = await startTestAssize()
    const [record] = await assize.keys.list('default')
    await assize.keys.revoke('default', record?.id ?? '')
    expect(told(await call('GET', path))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "AUTH_UNAUTHORIZED",
          "message": "This key was revoked; expected a living key as "Authorization: Bearer KEY".",
        },
        "status": 401,
      }
    `)
    const ended = { name: 'x', role: 'admin', workspaceName: 'default', ownerName: 'x' } as const
    const { key } = await assize.keys.create({ ...ended, expiresAt: new Date(0) })
    expect(told(await call('GET', path, { key }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "AUTH_UNAUTHORIZED",
          "message": "This key has expired; expected a living key as "Authorization: Bearer KEY".",
        },
        "status": 401,
      }
    `)
  })
})

describe('what is no HTTP is refused for', () => {
  async function say(text: string): Promise<unknown> {
    const { assize, logLines } = await startTestAssize()
    await assize.server.listen({ host: '127.0.0.1', port: 0 })
    const { port } = assize.server.server.address() as AddressInfo
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      let all = ''
      socket.on('data', (data) => {
        all += data
      })
      socket.on('error', reject)
      socket.on('close', () => resolve(all))
    })
    const [head = '', body = ''] = said.split('\r\n\r\n')
    const requestId = /x-request-id: (\S+)/.exec(head)?.[1] ?? 'none'
    expect(JSON.parse(logLines.at(-1) ?? '')).toMatchObject({ reqId: requestId, msg: 'answered' })
    expect(Number(/content-length: (\d+)/.exec(head)?.[1])).toBe(Buffer.byteLength(body))
    return { status: head.split('\r\n')[0], ...JSON.parse(body) }
  }

  it('a method that is none', async () => {
    expect(await say('JUDGE / HTTP/1.1\r\nhost: x\r\n\r\n')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The request can't be read: it begins with no method of HTTP.",
        },
        "status": "HTTP/1.1 422 Unprocessable Entity",
      }
    `)
  })

  it('headers that are too large', async () => {
    const key = 'k'.repeat(20_000)
    expect(await say(`GET / HTTP/1.1\r\nhost: x\r\nauthorization: ${key}\r\n\r\n`)).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The request can't be read: its headers are larger than this server takes.",
        },
        "status": "HTTP/1.1 422 Unprocessable Entity",
      }
    `)
  })

  it('a length that is no number', async () => {
    expect(await say('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The request can't be read: it breaks the rules of HTTP (HPE_INVALID_CONTENT_LENGTH).",
        },
        "status": "HTTP/1.1 422 Unprocessable Entity",
      }
    `)
  })
})
