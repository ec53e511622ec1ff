import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startOddHttpServer } from '../support/odd-http-server.ts'
import { isRunning, oddProcess } from '../support/odd-process.ts'
import { never, openTools } from '../support/open-tools.ts'

/** What keeps this process alive, by kind. */
function resources(): Record<string, number> {
  const counts = Object.groupBy(process.getActiveResourcesInfo(), (kind) => kind)
  return Object.fromEntries(Object.entries(counts).map(([kind, all]) => [kind, all?.length ?? 0]))
}

function childrenOf(pid: number): number {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).length
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

function collectWarnings(): string[] {
  const warnings: string[] = []
  const collect = (warning: Error): void => void warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', collect)
  onTestFinished(() => void process.off('warning', collect))
  return warnings
}

it('200 calls at once over a process and over HTTP leave nothing', async () => {
  const warnings = collectWarnings()
  const [odd, http] = [oddProcess(), await startOddHttpServer({ name: 'http' })]
  const before = { resources: resources(), children: childrenOf(process.pid), files: openFiles() }
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
  const after = () => ({ resources: resources(), children: childrenOf(process.pid), files: openFiles() })
  await expect.poll(after, { timeout: 10_000 }).toEqual(before)
  expect(warnings).toEqual([])
})

it('a published server reads what it was given, and nothing else', async () => {
  const folder = fileURLToPath(new URL('../support/fixtures/', import.meta.url))
  const served = { ...oddProcess().tool, name: 'files', command: 'npx' }
  const { tool } = openTools([{ ...served, args: ['mcp-server-filesystem', folder], environment: {} }])
  const list = await tool('files.list_directory')
  expect(await list.call({ path: folder }, never)).toMatchObject({ isError: false })
  const outside = await (await tool('files.read_text_file')).call({ path: '/etc/passwd' }, never)
  expect(outside).toMatchObject({ isError: true, text: expect.stringMatching(/denied/i) })
})
