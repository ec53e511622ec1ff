import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startProviderServer } from '../support/provider-server.ts'
import { createClient, type Send } from './client.ts'
import { makeDataDir, serve } from './running-program.ts'

const judges = '/v1/observability/judges'
const instructions = 'x'.repeat(9000)
const mostCalls = 2000

/** A place for a database that gets full, and how it gets room again. */
interface Place {
  readonly dataDir: string
  /** Called with the process once it serves. */
  readonly limit: (pid: number) => void
  readonly makeRoom: (pid: number) => void
}

/** A file system of its own, as small as that. */
function onSmallDisk(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'assize-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder])
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true })
  })
  return {
    dataDir: join(folder, 'data'),
    limit: () => {},
    makeRoom: () => execFileSync('mount', ['-o', 'remount,size=64m', folder]),
  }
}

/** Files that may grow a little more, and then, for this process, no further. */
async function inLimitedFiles(): Promise<Place> {
  const dataDir = await makeDataDir()
  const setLimit = (pid: number, bytes: string) =>
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`])
  return {
    dataDir,
    limit: (pid) => {
      const { size } = statSync(join(dataDir, 'assize.db-wal'))
      setLimit(pid, `${size + 900_000}:unlimited`)
    },
    makeRoom: (pid) => setLimit(pid, 'unlimited:unlimited'),
  }
}

const mayMount = (): boolean => {
  const probe = mkdtempSync(join(tmpdir(), 'assize-disk-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe]).status === 0
  if (isMounted) spawnSync('umount', [probe])
  rmSync(probe, { recursive: true })
  return isMounted
}

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0

function judgeNamed(name: string) {
  const output = { type: 'CLASSIFICATION', options: [{ value: 'yes', description: 'It does.' }] }
  return { name, description: '', model_name: 'mistral-small-latest', output, instructions, tools: [] }
}

/** Makes judges until one is refused, and gives the names of those that were not, with the refusal. */
async function fill(send: Send, prefix: string) {
  const made: string[] = []
  for (let number = 0; number < mostCalls; number++) {
    const name = `${prefix} ${number}`
    const answer = await send('POST', judges, judgeNamed(name))
    if (answer.status !== 201) return { made, refusal: answer }
    made.push(name)
  }
  throw new Error('The disk never got full.')
}

async function namesOf(send: Send): Promise<string[]> {
  const names: string[] = []
  for (let page = 1; ; page++) {
    const { status, body } = await send('GET', `${judges}?page_size=100&page=${page}`)
    expect(status).toBe(200)
    const { results } = (body as { judges: { results: { name: string }[] } }).judges
    if (results.length === 0) return names
    names.push(...results.map(({ name }) => name))
  }
}

/** Asks one of those judges for a judgment, which is kept; some may fit where a judge does not. */
async function judge(send: Send) {
  const { body } = await send('GET', `${judges}?q=before`)
  const [first] = (body as { judges: { results: { id: string }[] } }).judges.results
  const messages = [{ role: 'user', content: 'x'.repeat(20_000) }]
  return await send('POST', `${judges}/${first?.id}/live-judging`, { messages })
}

const ways = [
  ['a disk', mayMount() ? '' : ' (skipped: needs the right to mount)', onSmallDisk],
  ['a limit on files', hasPrlimit ? '' : ' (skipped: needs prlimit)', inLimitedFiles],
] as const

for (const [what, why, makePlace] of ways) {
  it.skipIf(why !== '')(
    `${what} that is full: writes are refused, reads go on, nothing that was answered is lost${why}`,
    async () => {
      await using provider = await startProviderServer()
      const { dataDir, limit, makeRoom } = await makePlace()
      const env = { MISTRAL_BASE_URL: provider.baseUrl, ASSIZE_API_KEY: 'a-key-of-my-own-choice' }
      const content = JSON.stringify({ analysis: 'a'.repeat(8000), answer: 'yes' })
      provider.always({ body: { choices: [{ message: { content }, finish_reason: 'stop' }] } })
      const { program, url } = await serve(dataDir, env)
      const pid = Number(program.child.pid)
      const send = createClient({ url, key: env.ASSIZE_API_KEY, keepsAlive: true })
      limit(pid)

      const { made, refusal } = await fill(send, 'before')
      expect(made.length).toBeGreaterThan(5)
      expect(refusal).toMatchObject({ status: 503, body: { detail: { error_code: 'DATABASE_UNAVAILABLE' } } })
      expect(JSON.stringify(refusal.body)).toMatch(/has no room|can't be written/)
      const known = await namesOf(send)
      expect(known).toEqual(expect.arrayContaining(made))
      expect(await send('POST', judges, judgeNamed('while it is full'))).toMatchObject({ status: 503 })
      await expect.poll(() => judge(send), { interval: 0 }).toMatchObject({ status: 503 })
      expect(await send('GET', '/readyz')).toMatchObject({ status: 200 })
      expect((await namesOf(send)).toSorted()).toEqual(known.toSorted())

      makeRoom(pid)
      const after = await send('POST', judges, judgeNamed('after it'))
      expect(after.status).toBe(201)
      expect(await judge(send)).toMatchObject({ status: 200 })
      await program.end('SIGKILL')
      const again = await serve(dataDir, env)
      const found = await namesOf(createClient({ url: again.url, key: env.ASSIZE_API_KEY, keepsAlive: true }))
      expect(found.toSorted()).toEqual([...known, 'after it'].toSorted())
    },
    60_000,
  )
}
