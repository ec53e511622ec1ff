import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/storage/open-database.ts'
import { makeDataDir } from '../process/running-program.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { type KeptFacts, startKept } from '../support/kept-release.ts'
import { startProviderServer } from '../support/provider-server.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const versions = (await readdir(here, { withFileTypes: true })).filter((entry) => entry.isDirectory())

/** A new database that holds what a version kept, and what its program had answered of it. */
async function restoreKept(version: string, engine: TestEngine) {
  const { location, drop } = await engine.createDatabase()
  onTestFinished(drop)
  const content = gunzipSync(await readFile(join(here, version, `${engine.name}.gz`)))
  const facts = JSON.parse(await readFile(join(here, version, `${engine.name}.json`), 'utf8')) as KeptFacts
  if (location.engine === 'sqlite') {
    await mkdir(join(location.path, '..'), { recursive: true })
    await writeFile(location.path, content)
  } else {
    const client = new pg.Client({ connectionString: location.url })
    await client.connect()
    // A dump sets an empty search path for its session.
    await client.query(content.toString('utf8'))
    await client.end()
  }
  return { location, facts }
}

/** Everything that the schema says, in an order of its own. */
async function schemaOf({ kysely }: Database, engine: TestEngine['name']): Promise<unknown[]> {
  const { rows } =
    engine === 'sqlite'
      ? await sql`select type, name, sql from sqlite_schema where name not like 'sqlite_%' order by 1, 2`.execute(
          kysely,
        )
      : await sql`select table_name as one, column_name as two, data_type || is_nullable as three
          from information_schema.columns where table_schema = 'public'
          union all select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
          order by 1, 2, 3`.execute(kysely)
  return rows
}

describe.each(versions.map(({ name }) => name))('what %s left on disk', (version) => {
  it.each(engines)(`is served as before on $name, and its run goes on`, async (engine) => {
    const { location, facts } = await restoreKept(version, engine)
    await using provider = await startProviderServer()
    const databaseUrl = location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url
    const { program, api } = await startKept({ dataDir: await makeDataDir(), databaseUrl, provider })
    await using _program = program
    for (const [path, answer] of Object.entries(facts.answers)) {
      // Later programs may say more.
      expect(await api.call('GET', path), path).toMatchObject(answer as object)
    }
    const { id, total } = facts.unfinishedRun
    for (let state = 'running'; state === 'running'; await delay(50)) {
      const run = await api.call('GET', `/v1/observability/runs/${id}`)
      state = run.state
      if (state !== 'running')
        expect(run).toMatchObject({ state: 'completed', outcomes: { answered: total } })
    }
    expect(provider.requests.length).toBeLessThan(total)
    expect(provider.requests.length).toBeGreaterThan(0)
  })

  it.each(engines)('gets the schema of a new database on $name', async (engine) => {
    const { location } = await restoreKept(version, engine)
    await using upgraded = await openDatabase(location)
    const { location: empty, drop } = await engine.createDatabase()
    onTestFinished(drop)
    await using fresh = await openDatabase(empty)
    expect(await schemaOf(upgraded, engine.name)).toEqual(await schemaOf(fresh, engine.name))
  })

  it('was made by migrations that nobody has changed since', async () => {
    const hashes = JSON.parse(await readFile(join(here, version, 'migrations.json'), 'utf8'))
    expect(Object.keys(hashes).length).toBeGreaterThan(0)
    for (const [name, hash] of Object.entries(hashes)) {
      const text = await readFile(join(here, '../../src/storage/migrations', name), 'utf8')
      expect(createHash('sha256').update(text).digest('hex'), name).toBe(hash)
    }
  })
})
