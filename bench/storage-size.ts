/**
 * What a judgment takes in the database, on SQLite and PostgreSQL: a server judges a dataset, and the tables are weighed. Run it
 * with `npm run bench:storage`; PostgreSQL is one of its own, where Debian's is installed, or what TEST_POSTGRES_URL names.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { preparePostgres } from '../scripts/test/postgres.ts'
import { startBenchServer } from './bench-server.ts'
import { cpuMs, start, temporaryDir } from './processes.ts'

const { values } = parseArgs({ options: { records: { type: 'string', default: '20000' } } })
const records = Number(values.records)

interface Weighed {
  readonly engine: string
  readonly perSecond: number
  readonly serverCpuMs: number
  /** Of the database's own processes; undefined where it has none. */
  readonly databaseCpuMs?: number
  /** Bytes of a record, with its indexes. */
  readonly record: number
  /** Bytes of a judgment with its item, and their indexes. */
  readonly judgment: number
  /** Bytes written ahead for a judgment; undefined where that is not counted. */
  readonly ahead?: number
}

interface Scale {
  /** Bytes of tables and their indexes. */
  weigh(tables: readonly string[]): Promise<number>
  /** Bytes written ahead so far. */
  ahead?(): Promise<number>
  /** Milliseconds that the database's processes have worked so far. */
  cpu?(): Promise<number>
}

const judgmentTables = ['judgments', 'run_items']
const recordTables = ['dataset_records']

async function measure(
  engine: string,
  dataDir: string,
  scale: Scale,
  databaseUrl?: string,
): Promise<Weighed> {
  await using server = await startBenchServer(dataDir, providerUrl, databaseUrl)
  const datasetId = await server.addDataset(records)
  const record = await scale.weigh(recordTables)
  const [before, aheadBefore, databaseCpuBefore, cpuBefore] = [
    await scale.weigh(judgmentTables),
    await scale.ahead?.(),
    await scale.cpu?.(),
    cpuMs(server.pid),
  ]
  const startedMs = performance.now()
  const asked = { judge_id: await server.addJudge(), dataset_id: datasetId, concurrency: 64 }
  const run = await server.call('POST', '/v1/observability/runs', asked)
  for (let state = 'running'; state === 'running'; ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    state = (await server.call('GET', `/v1/observability/runs/${run.id}`)).state
  }
  const [ahead, databaseCpu] = [await scale.ahead?.(), await scale.cpu?.()]
  return {
    engine,
    perSecond: (records / (performance.now() - startedMs)) * 1000,
    serverCpuMs: (cpuMs(server.pid) - cpuBefore) / records,
    record: record / records,
    judgment: ((await scale.weigh(judgmentTables)) - before) / records,
    ...(databaseCpu !== undefined && {
      databaseCpuMs: (databaseCpu - (databaseCpuBefore ?? 0)) / records,
    }),
    ...(ahead !== undefined && { ahead: (ahead - (aheadBefore ?? 0)) / records }),
  }
}

function sqliteScale(path: string): Scale {
  return {
    async weigh(tables) {
      const database = new DatabaseSync(path, { readOnly: true })
      const names = tables.map(() => '?').join(', ')
      const sum = database.prepare(
        `select sum(pgsize) as bytes from dbstat
         where name in (select name from sqlite_schema where tbl_name in (${names}))`,
      )
      const { bytes } = sum.get(...tables) as { bytes: number }
      database.close()
      return bytes
    },
  }
}

function postgresScale(client: pg.Client): Scale {
  const numberOf = async (text: string, parameters: unknown[] = []): Promise<number> =>
    Number((await client.query(text, parameters)).rows[0].number)
  return {
    weigh: (tables) =>
      numberOf(
        'select sum(pg_total_relation_size(name::regclass)) as number from unnest($1::text[]) as name',
        [tables],
      ),
    async cpu() {
      const { rows } = await client.query('select pid from pg_stat_activity')
      return rows.reduce((sum, { pid }) => sum + cpuMs(pid), 0)
    },
    ahead: () => numberOf("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as number"),
  }
}

await using provider = await start(['bench/rivals/provider.js', '0'], {}, /http/)
const providerUrl = `${provider.output().trim()}/assize/v1`
await using folder = await temporaryDir()
const weighed: Weighed[] = []
const sqliteDir = join(folder.path, 'sqlite')
await mkdir(sqliteDir)
weighed.push(await measure('SQLite', sqliteDir, sqliteScale(join(sqliteDir, 'assize.db'))))

await using postgres = await preparePostgres()
const url = process.env.TEST_POSTGRES_URL ?? postgres.env.TEST_POSTGRES_URL
if (url === undefined) process.stderr.write(`PostgreSQL: ${postgres.state}\n`)
else {
  const name = `bench_storage_${process.pid}`
  const at = new URL(url)
  at.pathname = `/${name}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const client = new pg.Client({ connectionString: at.href })
  await client.connect()
  try {
    weighed.push(await measure('PostgreSQL', join(folder.path, 'postgres'), postgresScale(client), at.href))
  } finally {
    await client.end()
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}

process.stdout.write(
  `| engine | judgments/s | server CPU, ms each | database CPU, ms each | bytes a record | bytes a judgment | bytes written ahead each |\n| --- | --- | --- | --- | --- | --- | --- |\n`,
)
for (const one of weighed) {
  const row = [
    one.engine,
    one.perSecond.toFixed(0),
    one.serverCpuMs.toFixed(2),
    one.databaseCpuMs?.toFixed(2) ?? '-',
    one.record.toFixed(0),
    one.judgment.toFixed(0),
    one.ahead?.toFixed(0) ?? '-',
  ]
  process.stdout.write(`| ${row.join(' | ')} |\n`)
}
