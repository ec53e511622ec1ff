import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ToolUnavailable } from '../../src/judging/tool.ts'
import { isRunning, oddProcess } from '../support/odd-process.ts'
import { never, openTools } from '../support/open-tools.ts'
import { everything } from '../support/published-servers.ts'

describe('a server that is a program', () => {
  it('starts when it is first used, once for all who use it at once', async () => {
    const odd = oddProcess()
    const { directory, tool } = openTools([odd.tool])
    await delay(200)
    expect(odd.pids()).toEqual([])
    const tools = await Promise.all(Array.from({ length: 20 }, () => tool('odd.pid')))
    const said = await Promise.all(tools.map((pid) => pid.call({}, never)))
    expect(new Set(said.map(({ text }) => Number(text)))).toEqual(new Set(odd.pids()))
    expect(odd.pids()).toHaveLength(1)
    expect((await directory.list(undefined, never)).length).toBeGreaterThan(5)
    expect(odd.pids()).toHaveLength(1)
  })

  it('starts again after it was killed', async () => {
    const odd = oddProcess()
    const { tool, logLines } = openTools([odd.tool])
    const pid = await tool('odd.pid')
    const first = Number((await pid.call({}, never)).text)
    process.kill(first, 'SIGKILL')
    await expect.poll(() => logLines.join('')).toContain('is gone: it was ended by SIGKILL')
    const second = Number((await pid.call({}, never)).text)
    expect(second).not.toBe(first)
    expect(odd.pids()).toEqual([first, second])
  })

  it('is gone when it is closed, also where it ignores that', async () => {
    for (const mode of ['', 'stubborn'] as const) {
      const odd = oddProcess(mode)
      const { directory, tool } = openTools([odd.tool])
      await (await tool('odd.pid')).call({}, never)
      const [pid = 0] = odd.pids()
      expect(isRunning(pid)).toBe(true)
      await directory[Symbol.asyncDispose]()
      expect(isRunning(pid), mode).toBe(false)
      await expect(tool('odd.pid')).rejects.toThrow('The tool odd is closed.')
    }
  })

  it('is gone when it is closed while it starts', async () => {
    const odd = oddProcess('mute')
    const { directory, tool } = openTools([odd.tool])
    const opening = expect(tool('odd.pid')).rejects.toBeInstanceOf(ToolUnavailable)
    await expect.poll(() => odd.pids().length, { timeout: 10_000 }).toBe(1)
    await directory[Symbol.asyncDispose]()
    await opening
    expect(odd.pids().filter(isRunning)).toEqual([])
  })

  it('is not repeated a call in which it dies, and a few deaths are all that it gets', async () => {
    const odd = oddProcess()
    const { tool } = openTools([odd.tool])
    const die = await tool('odd.die')
    for (let call = 1; call <= 3; call += 1) {
      const { text, isError } = await die.call({}, never)
      expect(isError).toBe(true)
      expect(text).toMatch(/^The call failed: it ended.*the call was not repeated\.$/)
      expect(odd.ledger().filter((line) => line === 'die')).toHaveLength(call)
    }
    await expect(die.call({}, never)).rejects.toThrow(
      new ToolUnavailable("The tool odd can't be reached: it ended with code 3."),
    )
    expect(odd.pids()).toHaveLength(3)
  })

  it('that can not start is tried three times, and then left alone for a while', async () => {
    const odd = oddProcess()
    writeFileSync(`${odd.ledgerPath}.broken`, '')
    const { tool } = openTools([odd.tool])
    const unavailable = new ToolUnavailable("The tool odd can't be reached: it ended with code 4.")
    await expect(tool('odd.pid')).rejects.toThrow(unavailable)
    await expect(tool('odd')).rejects.toThrow(unavailable)
    expect(odd.pids()).toHaveLength(3)
  })

  it.each([
    [{ command: 'no-such-command-of-a-test' }, 'there is no such command'],
    [{ command: '/etc/passwd' }, 'the command may not be executed'],
    [{ cwd: '/no/such/folder' }, "it can't be started (ENOENT); is /no/such/folder a folder?"],
  ])('says of %j that %s', async (changes, reason) => {
    const { tool } = openTools([oddProcess('', changes).tool])
    await expect(tool('odd')).rejects.toThrow(`The tool odd can't be reached: ${reason}.`)
  })

  it('that says nothing is given up', async () => {
    const odd = oddProcess('mute', { startTimeoutMs: 1500 })
    const { tool } = openTools([odd.tool])
    await expect(tool('odd')).rejects.toThrow(
      "The tool odd can't be reached: it gave no answer within 1.5 s.",
    )
    expect(odd.pids()).toHaveLength(1)
    expect(odd.pids().filter(isRunning)).toEqual([])
  })

  it('may write what is no message', async () => {
    const { tool } = openTools([oddProcess('noisy').tool])
    expect((await (await tool('odd.fail')).call({}, never)).text).toBe('It did not work.')
  })

  it('that answers nothing any more is ended, and started again', async () => {
    const odd = oddProcess('', { timeoutMs: 500 })
    const { tool, logLines } = openTools([odd.tool])
    const fail = await tool('odd.fail')
    process.kill(odd.pids()[0] ?? 0, 'SIGSTOP')
    expect((await fail.call({}, never)).text).toContain('it gave no answer within 0.5 s')
    await expect.poll(() => logLines.join(''), { timeout: 15_000 }).toContain('is gone')
    expect((await fail.call({}, never)).text).toBe('It did not work.')
    expect(odd.pids().map(isRunning)).toEqual([false, true])
  })

  it('that is waited for no more goes on starting for others', async () => {
    const odd = oddProcess()
    const { directory } = openTools([odd.tool])
    const left = new AbortController()
    const opening = directory.open(['odd'], undefined, left.signal)
    left.abort(new Error('gone'))
    await expect(opening).rejects.toThrow('gone')
    await directory.open(['odd'], undefined, never)
    expect(odd.pids()).toHaveLength(1)
  })
})

describe('a call', () => {
  it('that is abandoned is cancelled at the server', async () => {
    const odd = oddProcess()
    const { tool } = openTools([odd.tool])
    const wait = await tool('odd.wait')
    const abandoned = new AbortController()
    const waiting = wait.call({ ms: 60_000 }, abandoned.signal)
    await expect.poll(() => odd.ledger()).toContain('wait')
    abandoned.abort(new Error('The client is gone.'))
    await expect(waiting).rejects.toThrow('The client is gone.')
    await expect.poll(() => odd.ledger()).toContain('cancelled')
    await expect(wait.call({ ms: 1 }, abandoned.signal)).rejects.toThrow('The client is gone.')
    expect(odd.ledger().filter((line) => line === 'wait')).toHaveLength(1)
  })

  it('that takes too long is a result, and is cancelled at the server', async () => {
    const odd = oddProcess('', { timeoutMs: 300 })
    const { tool } = openTools([odd.tool])
    const { text, isError } = await (await tool('odd.wait')).call({ ms: 60_000 }, never)
    expect(isError).toBe(true)
    expect(text).toContain('it gave no answer within 0.3 s')
    await expect.poll(() => odd.ledger()).toContain('cancelled')
    expect((await (await tool('odd.fail')).call({}, never)).text).toBe('It did not work.')
    expect(odd.pids()).toHaveLength(1)
  })

  it('with a large result is cut, and says so', async () => {
    const { tool } = openTools([oddProcess('', { maxResultBytes: 1001 }).tool])
    const { text } = await (await tool('odd.big')).call({ bytes: 3_400_000 }, never)
    expect(text).toBe(`${'é'.repeat(500)}\n[cut: these are the first 1 kB of 3.4 MB]`)
  })

  it('with a message beyond all bounds ends the server, not the program', async () => {
    const odd = oddProcess()
    const { tool } = openTools([odd.tool])
    const { isError, text } = await (await tool('odd.big')).call({ bytes: 20_000_000 }, never)
    expect([isError, text]).toEqual([true, expect.stringContaining('it ended')])
    await expect.poll(() => odd.pids().filter(isRunning)).toEqual([])
  })

  it('that the server refuses is shown to the model in its words', async () => {
    const { tool } = openTools([oddProcess().tool])
    const refused = await (await tool('odd.wait')).call({ ms: 'soon' }, never)
    expect(refused.isError).toBe(true)
    expect(refused.text).toMatch(/Invalid arguments for tool wait/)
  })

  it('gives placeholders for what is no text, and structured content as JSON', async () => {
    const { tool } = openTools([oddProcess().tool])
    expect((await (await tool('odd.shapes')).call({}, never)).text).toBe(
      [
        '[image: image/png, 12 kB]',
        '[audio: audio/wav, 900 bytes]',
        '[resource: file:///a.txt, text/plain, 3 bytes]',
        '[resource: file:///b.txt]',
        '{"count":3}',
      ].join('\n'),
    )
  })

  it('sees new tools once the server says so', async () => {
    const { directory, tool } = openTools([oddProcess().tool])
    await expect(tool('odd.grown')).rejects.toThrow(/does not have "odd.grown"; it has odd, odd.pid/)
    await (await tool('odd.grow')).call({}, never)
    expect((await (await tool('odd.grown')).call({}, never)).text).toBe('new')
    expect((await directory.list(undefined, never)).map(({ name }) => name)).toContain('odd.grown')
  })
})

it('shows no secret anywhere', async () => {
  const odd = oddProcess()
  const broken = oddProcess('broken', { name: 'broken' })
  const secrets = {
    odd: { environment: { TOKEN: 'zebra-zebra' } },
    broken: { environment: { TOKEN: 'zebra' } },
  }
  const { directory, tool, logLines } = openTools([odd.tool, broken.tool], { secrets })
  expect((await (await tool('odd.token')).call({}, never)).text).toBe('It is [hidden]!')
  const shown = JSON.stringify([
    await directory.inspect(undefined, never),
    await directory.list(undefined, never),
    await directory.open(['odd'], undefined, never),
    String(await tool('odd.none').catch((error: unknown) => error)),
  ])
  await expect.poll(() => logLines.join('')).toContain('The token is [hidden].')
  for (const text of [shown, ...logLines]) expect(text).not.toContain('zebra-zebra')
  expect(logLines.filter((line) => line.includes('"level":30')).join()).not.toContain('It is')
})

it("gives a server none of this process's own variables", async () => {
  process.env.OPENAI_API_KEY = 'zebra-own'
  try {
    const served = { ...oddProcess().tool, name: 'all', ...everything }
    const { tool } = openTools([{ ...served, environment: { PLAIN: 'plain' } }])
    const { text } = await (await tool('all.get-env')).call({}, never)
    expect(JSON.parse(text)).toMatchObject({ PLAIN: 'plain', HOME: process.env.HOME })
    expect(text).not.toMatch(/OPENAI_API_KEY|VITEST|zebra/)
  } finally {
    delete process.env.OPENAI_API_KEY
  }
})
