import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startOddHttpServer } from '../support/odd-http-server.ts'
import { isRunning, oddProcess } from '../support/odd-process.ts'
import { never, openTools } from '../support/open-tools.ts'
import { filesOf } from '../support/published-servers.ts'

/** What this process holds: handles and timers by kind, children, and open files. */
function held(): object {
  const handles = Object.groupBy(process.getActiveResourcesInfo(), (kind) => kind)
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim()
  return {
    ...Object.fromEntries(Object.entries(handles).map(([kind, all]) => [kind, all?.length ?? 0])),
    children,
    files: readdirSync('/proc/self/fd').length,
  }
}

function collectWarnings(): string[] {
  const warnings: string[] = []
  const collect = (warning: Error): void => void warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', collect)
  onTestFinished(() => void process.off('warning', collect))
  return warnings
}

/** What is made once for the whole process is there after this. */
async function useOnce(): Promise<void> {
  const { directory } = openTools([oddProcess().tool, (await startOddHttpServer({ name: 'http' })).tool])
  const tools = await directory.open(['odd.fail', 'http.fail'], undefined, never)
  await Promise.all(tools.map((tool) => tool.call({}, never)))
  await directory[Symbol.asyncDispose]()
  await delay(500)
}

it('200 calls at once over a process and over HTTP leave nothing', async () => {
  const warnings = collectWarnings()
  const [odd, http] = [oddProcess(), await startOddHttpServer({ name: 'http' })]
  await useOnce()
  const before = held()
  const { directory } = openTools([odd.tool, http.tool])
  const signal = new AbortController()
  const call = async (name: string, args = {}): Promise<string> => {
    const [tool] = await directory.open([name], undefined, signal.signal)
    return (await tool?.call(args, signal.signal))?.text ?? ''
  }
  const calls = Array.from({ length: 100 }, () => [
    call('odd.wait', { ms: 50 }),
    call('http.wait', { ms: 50 }),
  ])
  expect(new Set(await Promise.all(calls.flat()))).toEqual(new Set(['waited']))
  const abandoned = Array.from({ length: 50 }, () => [
    call('odd.wait', { ms: 60_000 }),
    call('http.wait', { ms: 60_000 }),
  ])
  const settled = Promise.allSettled(abandoned.flat())
  await expect.poll(() => odd.ledger().filter((line) => line === 'wait')).toHaveLength(150)
  await expect.poll(() => http.ledger().filter((line) => line === 'wait')).toHaveLength(150)
  signal.abort(new Error('gone'))
  expect((await settled).every(({ status }) => status === 'rejected')).toBe(true)
  await expect.poll(() => http.ledger().filter((line) => line === 'cancelled')).toHaveLength(50)
  expect(odd.pids()).toHaveLength(1)
  expect(http.sessions.size).toBe(1)
  await directory[Symbol.asyncDispose]()
  expect(odd.pids().filter(isRunning)).toEqual([])
  // Not polled: that has a timer of its own.
  await delay(1000)
  expect(held()).toEqual(before)
  expect(warnings).toEqual([])
})

it('a published server reads what it was given, and nothing else', async () => {
  const folder = fileURLToPath(new URL('../support/fixtures/', import.meta.url))
  const served = { ...oddProcess().tool, ...filesOf(folder), name: 'files', environment: {} }
  const { tool } = openTools([served])
  const list = await tool('files.list_directory')
  expect(await list.call({ path: folder }, never)).toMatchObject({ isError: false })
  const outside = await (await tool('files.read_text_file')).call({ path: '/etc/passwd' }, never)
  expect(outside).toMatchObject({ isError: true, text: expect.stringMatching(/denied/i) })
})
