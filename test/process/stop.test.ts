import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { startProviderServer } from '../support/provider-server.ts'
import { approval, path } from '../support/test-assize.ts'
import { type Answer, createClient, Dropped, NotConnected, type Send } from './client.ts'
import { makeDataDir, serve } from './running-program.ts'

const conversation = { messages: [{ role: 'assistant', content: 'Paris.' }] }

/** What the clients of one test saw. */
interface Seen {
  readonly answers: { readonly action: string; readonly answer: Answer; readonly at: number }[]
  readonly dropped: { readonly error: Dropped; readonly sentAt: number }[]
  /** How many clients found nobody listening, in the end. */
  refused: number
}

/** Creates, judges and updates, again and again, until the server takes no more. */
async function work(name: string, send: Send, seen: Seen): Promise<void> {
  let sentAt = 0
  async function call(action: string, ...request: Parameters<Send>): Promise<Answer> {
    sentAt = performance.now()
    const answer = await send(...request)
    seen.answers.push({ action, answer, at: performance.now() })
    return answer
  }
  const definition = { ...approval, model_name: 'openai/anything' }
  try {
    for (let round = 0; ; round += 1) {
      const body = { ...definition, name: `${name} ${round}` }
      const created = await call('create', 'POST', path, body)
      const { id } = created.body as { id: string }
      await call('judge', 'POST', `${path}/${id}/live-judging`, conversation)
      await call('update', 'PUT', `${path}/${id}`, { ...body, instructions: 'Is it really fine?' })
    }
  } catch (error) {
    if (error instanceof NotConnected) seen.refused += 1
    else if (error instanceof Dropped) seen.dropped.push({ error, sentAt })
    else throw error
  }
}

const expectedStatus: Readonly<Record<string, number>> = { create: 201, judge: 200, update: 204 }

describe('SIGTERM under load', () => {
  it('lets every request that was taken be answered, then ends with 0', async () => {
    await using provider = await startProviderServer()
    provider.always({ delayMs: 300 })
    const {
      program,
      url,
      printedKey: key = '',
    } = await serve(await makeDataDir(), {
      OPENAI_BASE_URL: provider.baseUrl,
    })
    const seen: Seen = { answers: [], dropped: [], refused: 0 }
    const clients = Array.from({ length: 40 }, (_, index) => {
      const send = createClient({ url, key, keepsAlive: index % 2 === 0 })
      return work(`Client ${index}`, send, seen)
    })
    await delay(2000)
    const stoppedAt = performance.now()
    const exit = program.end('SIGTERM')
    await Promise.all(clients)
    expect(await exit).toBe(0)
    expect(performance.now() - stoppedAt).toBeLessThan(10_000)

    expect(seen.dropped.filter(({ sentAt }) => sentAt < stoppedAt)).toEqual([])
    // Between the last look at the kernel's queue of connections and its end, one may come: nobody can refuse it.
    expect(seen.dropped.length, String(seen.dropped.map(({ error }) => error))).toBeLessThanOrEqual(1)
    expect(seen.refused + seen.dropped.length).toBe(clients.length)
    const wrong = seen.answers.filter(({ action, answer }) => answer.status !== expectedStatus[action])
    expect(wrong).toEqual([])
    const judgments = seen.answers.filter(({ action }) => action === 'judge')
    for (const { answer } of judgments) {
      expect(answer.body).toEqual({ analysis: 'As the test says.', answer: 'approved' })
    }
    expect(judgments.filter(({ at }) => at > stoppedAt).length).toBeGreaterThan(10)
    expect(program.stderr).not.toContain('"level":50')
  }, 60_000)

  it('tells a client on a kept-alive connection that its answer is the last', async () => {
    await using provider = await startProviderServer()
    provider.always({ delayMs: 1000 })
    const {
      program,
      url,
      printedKey: key = '',
    } = await serve(await makeDataDir(), {
      OPENAI_BASE_URL: provider.baseUrl,
    })
    const send = createClient({ url, key, keepsAlive: true })
    const created = await send('POST', path, { ...approval, model_name: 'openai/anything' })
    const { id } = created.body as { id: string }
    const judging = send('POST', `${path}/${id}/live-judging`, conversation)
    await delay(300)
    const exit = program.end('SIGTERM')
    expect(await judging).toMatchObject({ status: 200, isLast: true })
    expect(await exit).toBe(0)
    await expect(createClient({ url, key, keepsAlive: false })('GET', path)).rejects.toThrow(NotConnected)
  })

  it('answers a request that was half sent, and waits for no connection that says nothing', async () => {
    const { program, url, printedKey: key } = await serve(await makeDataDir())
    const port = Number(new URL(url).port)
    const silent = connect(port, '127.0.0.1')
    const slow = connect(port, '127.0.0.1')
    await Promise.all([once(silent, 'connect'), once(slow, 'connect')])
    const body = JSON.stringify(approval)
    const head = [`POST ${path} HTTP/1.1`, 'host: localhost', `authorization: Bearer ${key}`]
    const about = ['content-type: application/json', `content-length: ${body.length}`]
    slow.write([...head, ...about, '', body.slice(0, 10)].join('\r\n'))
    await delay(300)
    const stoppedAt = performance.now()
    const exit = program.end('SIGTERM')
    await delay(300)
    slow.write(body.slice(10))
    const [answer] = await once(slow, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 201 Created\r\n/)
    expect(await exit).toBe(0)
    expect(performance.now() - stoppedAt).toBeLessThan(10_000)
  })
})
