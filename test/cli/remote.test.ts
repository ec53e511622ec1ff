import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Io } from '../../src/cli/commands.ts'
import { openRemote, type Remote } from '../../src/cli/remote.ts'
import { path, startTestAssize } from '../support/test-assize.ts'

function ioOf(given: Partial<Io> = {}): Io {
  return {
    stdin: new PassThrough().end(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    workingDir: tmpdir(),
    stop: new AbortController().signal,
    ...given,
  }
}

async function open(url: string, given: Partial<Io>, keyFile?: string): Promise<Remote> {
  const remote = await openRemote({ url, keyFile }, ioOf(given))
  onTestFinished(() => remote[Symbol.asyncDispose]())
  return remote
}

async function makeDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'assize-remote-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** A server that says the same to everyone, and keeps what it was asked. */
async function startStub(status: number, body: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer(async (request, answer) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization} ${await readAll(request)}`)
    answer.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

async function startListening(): Promise<{ url: string; key: string }> {
  const { assize, key } = await startTestAssize()
  await assize.server.listen({ host: '127.0.0.1', port: 0 })
  return { url: `http://127.0.0.1:${(assize.server.server.address() as AddressInfo).port}/`, key }
}

describe('a remote', () => {
  it('calls with the key of the environment, and follows a list to its end', async () => {
    const { url, key } = await startListening()
    const remote = await open(url, { env: { ASSIZE_API_KEY: key } })
    for (let number = 0; number < 101; number += 1) {
      await remote.call('POST', path, {
        json: {
          name: `Judge ${number}`,
          description: '',
          model_name: 'scripted',
          output: { options: [{ value: 'yes', description: '' }] },
          instructions: 'Is it?',
          tools: [],
        },
      })
    }
    const names = new Set()
    for await (const judge of remote.list(`${path}?q=judge`, 'judges')) names.add(judge.name)
    expect(names.size).toBe(101)
  })

  it('takes the key file before the environment', async () => {
    const [dir, stub] = [await makeDir(), await startStub(200, '{"a": 1}')]
    await writeFile(join(dir, 'key'), 'key-of-the-file\n')
    const remote = await open(`${stub.url}/below`, { env: { ASSIZE_API_KEY: 'another' } }, join(dir, 'key'))
    const { body } = await remote.call('POST', '/x', { upload: Readable.from([Buffer.from('ab')]) })
    expect(body).toEqual({ a: 1 })
    expect(stub.asked).toEqual(['POST /below/x Bearer key-of-the-file ab'])
  })

  it("finds this machine's first key, for this machine alone", async () => {
    const [dir, stub] = [await makeDir(), await startStub(204, '')]
    await writeFile(join(dir, 'admin-key'), 'first-key\n')
    const env = { ASSIZE_DATA_DIR: dir }
    const remote = await open(stub.url, { env })
    expect(await remote.call('DELETE', '/x')).toMatchObject({ status: 204, body: undefined })
    expect(stub.asked).toEqual(['DELETE /x Bearer first-key '])
    await expect(open('http://example.org', { env })).rejects.toThrow(
      'http://example.org wants a key: give --key-file FILE, or set ASSIZE_API_KEY.',
    )
  })

  it('says what the server said', async () => {
    const { url, key } = await startListening()
    const remote = await open(url, { env: { ASSIZE_API_KEY: key } })
    await expect(remote.call('GET', `${path}/0190a0d0-0000-7000-8000-000000000000`)).rejects.toMatchObject({
      name: 'RemoteError',
      message: expect.stringMatching(/^http:\S+ answered 404 to GET \S+ \(JUDGE_NOT_FOUND\): .*0190a0d0/),
      status: 404,
      errorCode: 'JUDGE_NOT_FOUND',
    })
  })

  it.each([
    [502, '<html>\nBad\u0007 gateway</html>', 'answered 502 to GET /x: <html> Bad gateway</html>'],
    [503, '', 'answered 503 to GET /x: it says no more.'],
    [302, '', 'answered 302 to GET /x: it says no more.'],
    [200, '<html>', 'answered GET /x with no JSON; is it an Assize?'],
  ])('says what another server is, that answers %i', async (status, body, message) => {
    const { url } = await startStub(status, body)
    const remote = await open(url, { env: { ASSIZE_API_KEY: 'key' } })
    await expect(remote.call('GET', '/x')).rejects.toThrow(`${url} ${message}`)
  })

  it('says that nobody listens', async () => {
    const remote = await open('http://127.0.0.1:9', { env: { ASSIZE_API_KEY: 'key' } })
    await expect(remote.call('GET', '/x')).rejects.toMatchObject({
      message: "http://127.0.0.1:9 can't be reached: nothing listens there.",
      status: undefined,
    })
  })

  it('ends with the stop signal', async () => {
    const stop = new AbortController()
    const remote = await open('http://127.0.0.1:9', {
      env: { ASSIZE_API_KEY: 'key' },
      stop: stop.signal,
    })
    stop.abort(new Error('Enough.'))
    await expect(remote.call('GET', '/x')).rejects.toThrow('Enough.')
  })

  it.each([
    ['ftp://host', 'expected an address like'],
    ['host:4800', 'expected an address like'],
    ['http://host?x=1', 'expected an address like'],
    ['http://user:word@host', 'holds a user or password'],
  ])('refuses %s', async (url, message) => {
    await expect(open(url, { env: { ASSIZE_API_KEY: 'key' } })).rejects.toThrow(message)
  })

  it('refuses a key that no header can carry', async () => {
    await expect(open('http://host', { env: { ASSIZE_API_KEY: 'a\r\nb' } })).rejects.toThrow(
      'ASSIZE_API_KEY holds no key; expected one line of printable ASCII characters.',
    )
  })
})
