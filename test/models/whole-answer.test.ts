import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { callForWhole, type HttpAnswer } from '../../src/models/providers/whole-answer.ts'

interface World {
  /** How often the server was asked. */
  readonly asked: () => number
  call(signal?: AbortSignal): Promise<HttpAnswer>
}

/** A server that answers so, and one connection to it. */
async function startWorld(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  maxResponseSize = 1_000_000,
): Promise<World> {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const pool = new Pool(origin, { connections: 1, maxResponseSize })
  onTestFinished(async () => {
    await pool.destroy()
    server.closeAllConnections()
    server.close()
  })
  const options = { origin, path: '/', method: 'POST', headers: {}, body: 'x' } as const
  return {
    asked: () => asked,
    call: (signal = new AbortController().signal) => callForWhole(pool, options, signal),
  }
}

describe('a whole answer', () => {
  it('has the status, the headers, and the text however it was cut', async () => {
    const { call } = await startWorld((_request, response) => {
      response.writeHead(404, { 'x-one': 'a', 'set-cookie': ['b', 'c'] })
      const bytes = Buffer.from('\uFEFFé and 😀')
      for (const byte of bytes) response.write(Buffer.from([byte]))
      response.end()
    })
    expect(await call()).toMatchObject({
      status: 404,
      headers: { 'x-one': 'a', 'set-cookie': ['b', 'c'] },
      body: 'é and 😀',
    })
  })

  it('is the last of several, and may be empty', async () => {
    const { call } = await startWorld((_request, response) => {
      response.writeProcessing()
      response.writeHead(204).end()
    })
    expect(await call()).toMatchObject({ status: 204, body: '' })
  })

  it('fails where it is broken off, or longer than it may be', async () => {
    const broken = await startWorld((_request, response) => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('half', () => response.destroy())
    })
    await expect(broken.call()).rejects.toThrow()
    const long = await startWorld((_request, response) => response.end('x'.repeat(100)), 50)
    await expect(long.call()).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' })
  })

  it('is given up at once, whether the call waits, is sent or is being answered', async () => {
    const { call, asked } = await startWorld((_request, response) => {
      response.writeHead(200)
      response.write('begun')
    })
    const [sent, waiting] = [new AbortController(), new AbortController()]
    const first = call(sent.signal)
    const second = call(waiting.signal)
    while (asked() === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    waiting.abort(new Error('Not any more.'))
    await expect(second).rejects.toThrow('Not any more.')
    sent.abort(new Error('Enough.'))
    await expect(first).rejects.toThrow('Enough.')
    await expect(call(sent.signal)).rejects.toThrow('Enough.')
    expect(asked()).toBe(1)
  })

  it('leaves no listener on the signal', async () => {
    const { call } = await startWorld((_request, response) => response.end('fine'))
    const { signal } = new AbortController()
    const [added, removed]: [unknown[], unknown[]] = [[], []]
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      added.push(args[1])
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      removed.push(args[1])
      remove(...args)
    }
    await call(signal)
    expect(added).toHaveLength(1)
    expect(removed).toEqual(added)
  })
})
