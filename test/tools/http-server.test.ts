import { describe, expect, it } from 'vitest'
import { ToolUnavailable } from '../../src/judging/tool.ts'
import { startOddHttpServer } from '../support/odd-http-server.ts'
import { never, openTools } from '../support/open-tools.ts'

const secrets = { odd: { headers: { Authorization: 'Bearer zebra-zebra', 'X-Own': 'zebra-own' } } }

describe('a server over HTTP', () => {
  it('is connected to when it is first used, once for all who use it at once', async () => {
    const odd = await startOddHttpServer()
    const { directory, tool } = openTools([odd.tool], { secrets })
    expect(odd.headers).toEqual([])
    const tools = await Promise.all(Array.from({ length: 20 }, () => tool('odd.fail')))
    const results = await Promise.all(tools.map((fail) => fail.call({}, never)))
    expect(results).toEqual(results.map(() => ({ text: 'It did not work.', isError: true })))
    expect(odd.sessions.size).toBe(1)
    for (const headers of odd.headers) {
      expect(headers).toMatchObject({ authorization: 'Bearer zebra-zebra', 'x-own': 'zebra-own' })
    }
    await directory[Symbol.asyncDispose]()
    await expect.poll(() => [odd.sessions.size, odd.sockets.size]).toEqual([0, 0])
  })

  it('that forgot the session gets a new one, and the call that it never took', async () => {
    const odd = await startOddHttpServer()
    const { tool } = openTools([odd.tool])
    const wait = await tool('odd.wait')
    odd.forget()
    expect(await wait.call({ ms: 1 }, never)).toEqual({ text: 'waited', isError: false })
    expect(odd.ledger()).toEqual(['wait'])
    expect(odd.sessions.size).toBe(1)
  })

  it('whose connection breaks in a call is not called again by itself', async () => {
    const odd = await startOddHttpServer()
    const { tool } = openTools([odd.tool])
    const wait = await tool('odd.wait')
    const waiting = wait.call({ ms: 8000 }, never)
    await expect.poll(() => odd.ledger()).toContain('wait')
    const brokenAt = performance.now()
    odd.breakConnections()
    const { text, isError } = await waiting
    expect(performance.now() - brokenAt).toBeLessThan(2000)
    expect(isError).toBe(true)
    expect(text).toMatch(/^The call failed: .*the call was not repeated\.$/)
    expect(odd.ledger()).toEqual(['wait'])
    expect((await wait.call({ ms: 1 }, never)).text).toBe('waited')
  })

  it('that is not there is unavailable', async () => {
    const odd = await startOddHttpServer()
    await odd.stop()
    const { tool } = openTools([odd.tool])
    await expect(tool('odd')).rejects.toThrow(
      new ToolUnavailable("The tool odd can't be reached: it can't be connected to (ECONNREFUSED)."),
    )
  })

  it('that stops is unavailable for calls too', async () => {
    const odd = await startOddHttpServer()
    const { tool } = openTools([odd.tool])
    const wait = await tool('odd.wait')
    await odd.stop()
    // The first call may still meet a connection that was alive a moment ago.
    await wait.call({ ms: 1 }, never).catch(() => undefined)
    await expect(wait.call({ ms: 1 }, never)).rejects.toBeInstanceOf(ToolUnavailable)
  })

  it.each([
    [401, 1],
    [403, 1],
    [500, 3],
    [302, 3],
  ])(
    'that answers with %i is unavailable after %i tries, and its words are not shown',
    async (status, tries) => {
      const odd = await startOddHttpServer()
      odd.answerAll(status)
      const { tool, logLines } = openTools([odd.tool], { secrets })
      const error = await tool('odd').catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ToolUnavailable)
      expect(String(error)).toContain(`HTTP ${status}`)
      expect(odd.headers).toHaveLength(tries)
      for (const text of [String(error), ...logLines]) expect(text).not.toContain('zebra')
    },
  )

  it('that refuses later is unavailable then, and a fault of its own is a result', async () => {
    const odd = await startOddHttpServer()
    const { tool } = openTools([odd.tool])
    const wait = await tool('odd.wait')
    odd.answerAll(500)
    expect(await wait.call({ ms: 1 }, never)).toMatchObject({
      isError: true,
      text: expect.stringContaining('it answered with HTTP 500'),
    })
    odd.answerAll(401)
    await expect(wait.call({ ms: 1 }, never)).rejects.toThrow('it refuses access with HTTP 401')
  })

  it('does not see its own secret in a result or a description', async () => {
    const odd = await startOddHttpServer()
    const { directory, tool } = openTools([odd.tool], { secrets })
    expect((await (await tool('odd.token')).call({}, never)).text).toBe('It is [hidden]!')
    expect(JSON.stringify(await directory.list(undefined, never))).not.toContain('zebra')
  })
})

describe('a call over HTTP', () => {
  it('that is abandoned is cancelled at the server, and leaves no connection', async () => {
    const odd = await startOddHttpServer()
    const { tool } = openTools([odd.tool])
    const wait = await tool('odd.wait')
    const abandoned = new AbortController()
    const calls = Array.from({ length: 10 }, () => wait.call({ ms: 60_000 }, abandoned.signal))
    const all = Promise.allSettled(calls)
    await expect.poll(() => odd.ledger().filter((line) => line === 'wait')).toHaveLength(10)
    abandoned.abort(new Error('gone'))
    expect((await all).map((result) => result.status)).toEqual(calls.map(() => 'rejected'))
    await expect.poll(() => odd.ledger().filter((line) => line === 'cancelled')).toHaveLength(10)
    // The stream of notifications, and what is kept alive for the next calls.
    await expect.poll(() => odd.sockets.size).toBeLessThan(13)
  })

  it('that takes too long is a result, and is cancelled at the server', async () => {
    const odd = await startOddHttpServer({ timeoutMs: 300 })
    const { tool } = openTools([odd.tool])
    const { text, isError } = await (await tool('odd.wait')).call({ ms: 60_000 }, never)
    expect([isError, text]).toEqual([true, expect.stringContaining('it gave no answer within 0.3 s')])
    await expect.poll(() => odd.ledger()).toContain('cancelled')
  })

  it('sees new tools once the server says so', async () => {
    const odd = await startOddHttpServer()
    const { tool } = openTools([odd.tool])
    await (await tool('odd.grow')).call({}, never)
    await expect
      .poll(async () => (await tool('odd.grown').catch(() => undefined))?.servedName)
      .toBe('odd.grown')
  })
})
