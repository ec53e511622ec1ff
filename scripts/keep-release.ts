import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs, promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { fillAndKill } from '../test/support/kept-release.ts'
import { startProviderServer } from '../test/support/provider-server.ts'
import { findPostgres, startPostgresServer } from './test/postgres-server.ts'

// `npm run keep-release -- VERSION [--program CHECKOUT]`: keeps what a released version leaves on disk in
// test/upgrade/VERSION, made by the program of a checkout of that version, on SQLite and on PostgreSQL, with the hashes
// of its migrations. Later programs are tested on it.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { program: { type: 'string', default: '.' } },
})
const [version] = positionals
if (version === undefined) throw new Error('Expected a version, as 0.1.0.')
const root = join(process.cwd(), values.program)
const target = `test/upgrade/${version}`
const binaries = findPostgres()
if (binaries === undefined) throw new Error('There is no PostgreSQL here: install the package postgresql.')
await mkdir(target, { recursive: true })
const folder = await mkdtemp(join(tmpdir(), 'assize-kept-'))
try {
  await keepSqlite()
  await keepPostgres(binaries)
  await writeFile(join(target, 'migrations.json'), `${JSON.stringify(await migrationHashes(), null, 2)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function keepSqlite(): Promise<void> {
  await using provider = await startProviderServer()
  const path = join(folder, 'sqlite', 'assize.db')
  const facts = await fillAndKill({
    dataDir: join(folder, 'sqlite'),
    databaseUrl: `sqlite:${path}`,
    provider,
    root,
  })
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = delete')
  database.close()
  await keep('sqlite', await readFile(path), facts)
}

async function keepPostgres(programs: string): Promise<void> {
  await using postgres = await startPostgresServer(programs)
  await using provider = await startProviderServer()
  const place = { dataDir: join(folder, 'postgres'), databaseUrl: postgres.url, provider, root }
  const facts = await fillAndKill(place)
  const dump = ['--no-owner', '--no-privileges', '--inserts', '--dbname', postgres.url]
  const { stdout } = await promisify(execFile)(join(programs, 'pg_dump'), dump, { maxBuffer: 1e9 })
  // Newer servers write what older clients don't know.
  const text = stdout.replaceAll(/^\\(?:un)?restrict .*$/gm, '')
  await keep('postgres', Buffer.from(text), facts)
}

async function keep(engine: string, content: Buffer, facts: object): Promise<void> {
  await writeFile(join(target, `${engine}.gz`), gzipSync(content, { level: 9 }))
  await writeFile(join(target, `${engine}.json`), `${JSON.stringify(facts, null, 1)}\n`)
}

async function migrationHashes(): Promise<Record<string, string>> {
  const migrations = join(root, 'src/storage/migrations')
  const names = (await readdir(migrations)).filter((name) => /^\d/.test(name)).sort()
  const hashes = names.map(async (name) => {
    const text = await readFile(join(migrations, name), 'utf8')
    return [name, createHash('sha256').update(text).digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(hashes))
}
