import { Agent, request as httpRequest } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const conversation = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] })

/** A judge on a server that listens. */
async function listen(assize: TestAssize): Promise<{ port: number; live: string }> {
  await assize.assize.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = assize.assize.server.server.address() as AddressInfo
  const { body } = await assize.call('POST', path, { body: approval })
  return { port, live: `${path}/${body.id}/live-judging` }
}

interface Asked {
  readonly status: Promise<number | undefined>
  hangUp(): void
}

function ask(assize: TestAssize, { port, live }: { port: number; live: string }, agent: Agent): Asked {
  const headers = { authorization: `Bearer ${assize.key}`, 'content-type': 'application/json' }
  const request = httpRequest({ host: '127.0.0.1', port, path: live, method: 'POST', agent, headers })
  const status = new Promise<number | undefined>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
  })
  request.end(conversation)
  return { status, hangUp: () => request.destroy() }
}

function warningsOf(): string[] {
  const warnings: string[] = []
  const note = (warning: Error): void => {
    warnings.push(warning.name)
  }
  process.on('warning', note)
  onTestFinished(() => {
    process.off('warning', note)
  })
  return warnings
}

describe('a client of live judging', () => {
  it('takes the call to the model with it when it goes away', async () => {
    const assize = await startTestAssize()
    const where = await listen(assize)
    const called = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<unknown>()
    assize.model.script((_, signal) => {
      called.resolve()
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.resolve(signal.reason)
          reject(signal.reason)
        })
      })
    })
    const asked = ask(assize, where, new Agent())
    await called.promise
    asked.hangUp()
    await expect(asked.status).rejects.toThrow()
    expect(await aborted.promise).toMatchObject({ message: 'The client went away.' })
    await expect.poll(() => assize.logLines.join('')).toContain('The client went away')
    const levels = assize.logLines.map((line) => JSON.parse(line).level)
    expect(Math.max(...levels)).toBeLessThan(40)
  })

  it('may send a hundred requests on one connection', async () => {
    const assize = await startTestAssize()
    const where = await listen(assize)
    const warnings = warningsOf()
    const sockets: Socket[] = []
    assize.assize.server.server.on('connection', (socket) => sockets.push(socket))
    const signals: AbortSignal[] = []
    assize.model.script(async (_, signal) => {
      signals.push(signal)
      return { text: '{"analysis": "ok", "answer": "approved"}' }
    })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    expect(await ask(assize, where, agent).status).toBe(200)
    const listenersOf = () => sockets.map((socket) => socket.listenerCount('close'))
    const afterOne = listenersOf()
    for (let round = 1; round < 100; round++) expect(await ask(assize, where, agent).status).toBe(200)
    expect(listenersOf()).toEqual(afterOne)
    agent.destroy()
    await expect.poll(() => sockets.every((socket) => socket.destroyed)).toBe(true)
    expect(signals).toHaveLength(100)
    expect(signals.some((signal) => signal.aborted)).toBe(false)
    expect(sockets).toHaveLength(1)
    expect(warnings).toEqual([])
  })
})
