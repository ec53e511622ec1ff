/**
 * Whether judges stay fast as they grow: a list page, a search and a read with 100 judges in a workspace and with
 * 100,000, on SQLite, and on PostgreSQL where TEST_POSTGRES_URL is set. Run it with `npm run bench:judges`.
 */
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import { Keys } from '../src/access/keys.ts'
import type { DatabaseLocation } from '../src/config.ts'
import { createServer, type ServerServices } from '../src/http/server.ts'
import { createJudges } from '../src/judges/judges.ts'
import { createLog } from '../src/log.ts'
import { JudgeRows } from '../src/storage/judge-rows.ts'
import { KeyRows } from '../src/storage/key-rows.ts'
import { actAs } from '../src/storage/note-change.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { engines } from '../test/support/databases.ts'
import { percentile } from './processes.ts'

const sizes = [100, Number(process.argv[2] ?? 100_000)]
const callsEach = 300
const path = '/v1/observability/judges'

function definition(number: number) {
  return {
    name: `Judge ${number}`,
    description: `Checks the ${['tone', 'facts', 'length', 'format'][number % 4]} of answers about subject ${number}x.`,
    modelName: number % 3 === 0 ? 'mistral-small-latest' : 'mistral-large-latest',
    output:
      number % 2 === 0
        ? ({
            type: 'CLASSIFICATION',
            options: [
              { value: 'good', description: 'It is.' },
              { value: 'bad', description: 'It is not.' },
            ],
          } as const)
        : ({ type: 'REGRESSION', min: 0, minDescription: 'bad', max: 1, maxDescription: 'good' } as const),
    instructions: 'Is the answer good? {{ assistant_message }}',
    tools: [],
  }
}

async function measure(location: DatabaseLocation, size: number): Promise<Record<string, number>> {
  await using database = await openDatabase(location)
  const log = createLog('silent')
  const now = (): Date => new Date()
  const keys = new Keys({
    store: new KeyRows(database),
    now,
    newId: uuidv7,
    randomKeyBytes: () => Buffer.alloc(32, 1),
  })
  const made = await keys.found(undefined, async () => {})
  if (made === undefined) throw new Error('The database of this benchmark was not empty.')
  const { workspaceId, ownerId } = made.record
  const judges = createJudges({ store: new JudgeRows(database), now, newId: uuidv7 })
  const ids: string[] = []
  for (let number = 0; number < size; number += 1) {
    ids.push((await judges.create({ workspaceId, ownerId }, definition(number))).id)
    if (number % 5000 === 4999) process.stderr.write(`${location.engine}: ${number + 1} judges\n`)
  }
  if (location.engine === 'postgres') await sql`vacuum analyze`.execute(database.kysely)
  await using server = await createServer(
    {
      keys,
      actAs,
      judges,
      models: { list: async () => [] },
      tools: { list: async () => [] },
      ping: () => database.ping(),
      // What is measured calls no other.
    } as unknown as ServerServices,
    {
      maxBodyBytes: 1e6,
      clientTimeoutMs: 60_000,
      corsOrigins: [],
      limits: {},
      pageFolder: '',
      trustedProxies: [],
      version: '',
      log,
      newRequestId: uuidv7,
    },
  )
  const get = async (url: string): Promise<void> => {
    const answer = await server.inject({ url, headers: { authorization: `Bearer ${made.key}` } })
    if (answer.statusCode !== 200) throw new Error(answer.body)
  }
  const body = { ...definition(0), model_name: 'm', modelName: undefined }
  const create = async (call: number): Promise<void> => {
    const answer = await server.inject({
      method: 'POST',
      url: path,
      headers: { authorization: `Bearer ${made.key}` },
      payload: { ...body, name: `Created ${call}` },
    })
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  const calls: Readonly<Record<string, (call: number) => Promise<void>>> = {
    'first page': () => get(path),
    'page by type and model': () =>
      get(`${path}?type_filter=REGRESSION&model_filter=mistral-small-latest&page_size=10`),
    search: (call) => get(`${path}?q=subject+${(call * 7) % size}x`),
    read: (call) => get(`${path}/${ids[(call * 31) % size]}`),
    create,
  }
  // All of them once before any is measured, so that the first is not the one that pays for V8's compiling.
  for (const work of Object.values(calls)) await medianMs(work, 0)
  const medians: Record<string, number> = {}
  for (const [name, work] of Object.entries(calls)) medians[name] = await medianMs(work, callsEach)
  return medians
}

/** Of calls numbered from `from`. */
async function medianMs(work: (call: number) => Promise<void>, from: number): Promise<number> {
  const latenciesMs: number[] = []
  for (let call = from; call < from + callsEach; call += 1) {
    const startedMs = performance.now()
    await work(call)
    latenciesMs.push(performance.now() - startedMs)
  }
  return percentile(
    latenciesMs.sort((one, other) => one - other),
    0.5,
  )
}

process.stdout.write(
  '| engine | call | 100 judges, ms | more judges, ms | times |\n| --- | --- | --- | --- | --- |\n',
)
for (const engine of engines) {
  const results: Record<string, number>[] = []
  for (const size of sizes) {
    const database = await engine.createDatabase()
    try {
      results.push(await measure(database.location, size))
    } finally {
      await database.drop()
    }
  }
  const [few = {}, many = {}] = results
  for (const [call, fewMs] of Object.entries(few)) {
    const manyMs = many[call] ?? Number.NaN
    process.stdout.write(
      `| ${engine.name} | ${call} | ${fewMs.toFixed(2)} | ${manyMs.toFixed(2)} | ${(manyMs / fewMs).toFixed(1)} |\n`,
    )
  }
}
