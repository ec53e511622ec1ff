import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ProviderServer } from '../support/provider-server.ts'
import { approval } from '../support/test-assize.ts'
import { startTestServer } from '../support/test-provider.ts'
import { makeDataDir, Program } from './running-program.ts'

const kills = Number(process.env.TEST_RUN_KILLS ?? 6)
const concurrency = 8

interface World {
  readonly provider: ProviderServer
  readonly out: string
  start(args?: readonly string[]): Program
}

async function startWorld(records: number, delayMs: number): Promise<World> {
  const dir = await makeDataDir().then((path) => path.replace(/data$/, ''))
  const provider = await startTestServer()
  provider.always({ delayMs })
  await writeFile(join(dir, 'judge.yaml'), JSON.stringify({ ...approval, model_name: 'openai/judge-small' }))
  const lines = Array.from({ length: records }, (_, at) =>
    JSON.stringify({ id: `r${at}`, messages: [{ role: 'user', content: `Say ${at}!` }] }),
  )
  await writeFile(join(dir, 'data.jsonl'), lines.join('\n'))
  const files = [
    '--judge',
    join(dir, 'judge.yaml'),
    '--data',
    join(dir, 'data.jsonl'),
    '--out',
    join(dir, 'out.jsonl'),
  ]
  const env = { ASSIZE_DATA_DIR: join(dir, 'data'), OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.baseUrl }
  return {
    provider,
    out: join(dir, 'out.jsonl'),
    start: (args = []) => new Program(['run', ...files, '--concurrency', String(concurrency), ...args], env),
  }
}

async function idsIn(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line).id)
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5)
}

describe('a run of a file', () => {
  it(`is killed ${kills} times, and judges no more than what was under way again`, {
    timeout: 30_000 + kills * 10_000,
  }, async () => {
    const records = 100 * kills
    const { provider, out, start } = await startWorld(records, 20)
    for (let kill = 0; kill < kills; kill += 1) {
      const program = start(['--resume'])
      const before = provider.requests.length
      await until(
        () => provider.requests.length >= before + 20 + Math.random() * 60 || program.child.exitCode !== null,
      )
      expect(await program.end('SIGKILL'), program.stderr).toBe(-1)
    }
    const program = start(['--resume'])
    expect(await program.end(), program.stderr).toBe(0)
    expect(await idsIn(out)).toEqual(Array.from({ length: records }, (_, at) => `r${at}`))
    expect(provider.requests.length).toBeGreaterThanOrEqual(records)
    expect(provider.requests.length).toBeLessThanOrEqual(records + kills * concurrency)
  })

  it('stops at Ctrl-C once what is under way is finished, and goes on', { timeout: 30_000 }, async () => {
    const { provider, out, start } = await startWorld(200, 50)
    const program = start()
    await until(() => provider.requests.length >= 40)
    expect(await program.end('SIGINT'), program.stderr).toBe(130)
    expect(program.stderr).toContain('Stopping: the judgments under way are finished first.')
    expect(program.stderr).toContain('The same command with --resume goes on from here.')
    const judged = provider.requests.length
    expect(judged).toBeLessThan(200)
    expect(provider.requests.every(({ wasAbandoned }) => !wasAbandoned)).toBe(true)
    expect(await idsIn(out)).toEqual(Array.from({ length: judged }, (_, at) => `r${at}`))
    const resumed = start(['--resume'])
    expect(await resumed.end(), resumed.stderr).toBe(0)
    expect(await idsIn(out)).toHaveLength(200)
    expect(provider.requests).toHaveLength(200)
  })

  it('ends at once at a second Ctrl-C, and keeps what was judged', { timeout: 30_000 }, async () => {
    const { provider, out, start } = await startWorld(100, 20)
    const program = start()
    await until(() => provider.requests.length >= 30)
    provider.always({ hangs: true })
    const hanging = provider.requests.length
    await until(() => provider.requests.length >= hanging + concurrency)
    program.child.kill('SIGINT')
    await until(() => program.stderr.includes('Stopping'))
    expect(await program.end('SIGINT')).toBe(-1)
    provider.always({})
    const resumed = start(['--resume'])
    expect(await resumed.end(), resumed.stderr).toBe(0)
    expect(await idsIn(out)).toHaveLength(100)
    expect(provider.requests.length).toBeLessThanOrEqual(100 + concurrency)
  })
})
