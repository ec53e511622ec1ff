import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { DatabaseLocation } from '../../src/config.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { engines } from '../support/engines.ts'
import { startProviderServer } from '../support/provider-server.ts'
import { path } from '../support/test-assize.ts'
import { createClient, type Send } from './client.ts'
import { makeDataDir, serve } from './running-program.ts'
import { type Entry, write } from './write-ledger.ts'

/** How often the program is killed; `KILL_ROUNDS=50 npx vitest run test/process/kill.test.ts` looks harder. */
const rounds = Number(process.env.KILL_ROUNDS ?? 5)
const writers = 12
const exampleJudges = 2

for (const engine of engines) {
  describe(`kill -9 under writes on ${engine.name}`, () => {
    it(
      `loses nothing that was acknowledged, and shows nothing half done, ${rounds} times`,
      async () => {
        await using provider = await startProviderServer()
        const { location, drop } = await engine.createDatabase()
        onTestFinished(drop)
        const key = 'the-key-of-this-test'
        const start = async () =>
          serve(dataDir, {
            ASSIZE_API_KEY: key,
            ASSIZE_DATABASE_URL: location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url,
            OPENAI_BASE_URL: provider.baseUrl,
          })
        const dataDir = await makeDataDir()
        const ledger: Entry[] = []
        for (let round = 0; round < rounds; round += 1) {
          const { program, url } = await start()
          await checkJudges(createClient({ url, key, keepsAlive: true }), ledger)
          await checkJudgments(location, ledger)
          const writing = Array.from({ length: writers }, (_, index) =>
            write(`Round ${round} ${index}`, createClient({ url, key, keepsAlive: true }), ledger),
          )
          await delay(50 + Math.random() * 700)
          await program.end('SIGKILL')
          await Promise.all(writing)
        }
        const { program, url } = await start()
        await checkJudges(createClient({ url, key, keepsAlive: true }), ledger)
        await checkJudgments(location, ledger)
        expect(await program.end('SIGTERM')).toBe(0)
        checkSearchIndex(location)
        expect(ledger.filter(({ acknowledged }) => acknowledged !== 'absent').length).toBeGreaterThan(rounds)
      },
      30_000 + rounds * 20_000,
    )
  })
}

interface ShownJudge {
  readonly id: string
  readonly name: string
  readonly instructions: string
}

interface ShownRevision {
  readonly id: string
  readonly instructions: string
  readonly base_revision: string
  readonly down_revision: string | null
  readonly up_revision: string | null
}

/** Holds what readers see against the ledger, and then takes what was undecided as they see it. */
async function checkJudges(send: Send, ledger: readonly Entry[]): Promise<void> {
  const shown = await listJudges(send)
  expect(shown.size - exampleJudges).toBeLessThanOrEqual(ledger.length)
  const undecided = ledger.filter(({ pending }) => pending !== undefined)
  for (const entry of ledger) {
    const judge = shown.get(entry.name)
    const seen = judge?.instructions ?? 'absent'
    expect([entry.acknowledged, entry.pending], entry.name).toContain(seen)
    if (judge !== undefined && entry.id !== undefined) expect(judge.id).toBe(entry.id)
    if (entry.pending === seen && seen !== 'absent') entry.revisions += 1
    entry.id ??= judge?.id
    entry.acknowledged = seen
    entry.pending = undefined
  }
  for (const entry of undecided) if (entry.acknowledged !== 'absent') await checkRevisions(send, entry)
  const known = new Set(ledger.map(({ name }) => name))
  expect([...shown.keys()].filter((name) => !known.has(name))).toHaveLength(exampleJudges)
}

async function listJudges(send: Send): Promise<Map<string, ShownJudge>> {
  const judges = new Map<string, ShownJudge>()
  let next: string | null = `${path}?page_size=100`
  while (next !== null) {
    const { body } = await send('GET', next)
    const page = (body as { judges: { results: ShownJudge[]; count: number; next: string | null } }).judges
    for (const judge of page.results) judges.set(judge.name, judge)
    next = page.next
    if (next === null) expect(judges.size).toBe(page.count)
  }
  return judges
}

/** The chain of revisions is whole: each knows the one before and the one after. */
async function checkRevisions(send: Send, entry: Entry): Promise<void> {
  const { body } = await send('GET', `${path}/${entry.id}/revisions`)
  const revisions = (body as { revisions: { results: ShownRevision[] } }).revisions.results
  expect(revisions.map(({ instructions }) => instructions)).toEqual(
    ['third', 'second', 'first'].slice(3 - entry.revisions),
  )
  for (const [index, revision] of revisions.entries()) {
    expect(revision).toMatchObject({
      base_revision: revisions.at(-1)?.id,
      down_revision: revisions[index + 1]?.id ?? null,
      up_revision: index === 0 ? null : revisions[index - 1]?.id,
    })
  }
}

/** Judgments are kept, whole; and the database is one. */
async function checkJudgments(location: DatabaseLocation, ledger: readonly Entry[]): Promise<void> {
  const counts = await countJudgments(location)
  for (const entry of ledger) {
    const kept = counts.get(entry.id ?? '') ?? 0
    expect([entry.judgments, entry.judgments + Number(entry.judgmentIsPending)], entry.name).toContain(kept)
    entry.judgments = kept
    entry.judgmentIsPending = false
  }
  if (location.engine !== 'sqlite') return
  const database = new DatabaseSync(location.path, { readOnly: true })
  expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  expect(database.prepare('pragma foreign_key_check').all()).toEqual([])
  database.close()
}

async function countJudgments(location: DatabaseLocation): Promise<Map<string, number>> {
  await using database = await openDatabase(location)
  const rows = await database.kysely
    .selectFrom('judgments')
    .select(['judge_id', 'answer', 'outcome'])
    .execute()
  expect(rows.filter(({ outcome, answer }) => outcome !== 'answered' || answer === null)).toEqual([])
  return new Map(
    Object.entries(Object.groupBy(rows, (row) => row.judge_id)).map(([id, all]) => [id, all?.length ?? 0]),
  )
}

/** Throws when the index holds another text than the judges. */
function checkSearchIndex(location: DatabaseLocation): void {
  if (location.engine !== 'sqlite') return
  const database = new DatabaseSync(location.path)
  database.exec("insert into judges_search (judges_search, rank) values ('integrity-check', 1)")
  database.close()
}
