import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import type { JudgmentRecord } from '../src/judging/judgment.ts'
import type { ClaimedItem } from '../src/runs/run-work-store.ts'
import { DatasetRows } from '../src/storage/dataset-rows.ts'
import { JudgeRows } from '../src/storage/judge-rows.ts'
import { KeyRows } from '../src/storage/key-rows.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { RecordRows } from '../src/storage/record-rows.ts'
import { RunMakingRows } from '../src/storage/run-making-rows.ts'

/** One record of a run. */
export type Item = Pick<ClaimedItem, 'number' | 'recordId'>

/** A new database on a PostgreSQL server with a judge and a dataset, gone when it is disposed of. */
export interface QueueWorld extends AsyncDisposable {
  readonly location: { readonly engine: 'postgres'; readonly url: string }
  /** Makes a run over the whole dataset, and gives its id. */
  addRun(): Promise<string>
  itemsOf(runId: string): Promise<readonly Item[]>
  judgmentOf(runId: string, item: Item): JudgmentRecord
}

const laterMs = 3_600_000

export async function makeQueueWorld(serverUrl: string, recordCount: number): Promise<QueueWorld> {
  const name = `assize_bench_${randomUUID().replaceAll('-', '')}`
  await administer(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const location = { engine: 'postgres', url: url.href } as const
  const database = await openDatabase(location)
  const createdAt = new Date()
  const [workspaceId, ownerId, datasetId, judgeId, revisionId] = Array.from({ length: 5 }, uuidv7) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const keys = new KeyRows(database)
  await keys.insertWorkspace({ id: workspaceId, name: 'bench', createdAt })
  await keys.findOrInsertOwner({ id: ownerId, workspaceId, name: 'bench', createdAt })
  await new JudgeRows(database).insert({
    id: judgeId,
    workspaceId,
    ownerId,
    createdAt,
    revisionId,
    definition,
  })
  const about = { name: 'Bench', slug: 'bench', description: '', createdAt, updatedAt: createdAt }
  await new DatasetRows(database).insert({ id: datasetId, workspaceId, ownerId, ...about })
  const records = new RecordRows(database)
  for (let from = 0; from < recordCount; from += 1000) {
    const some = Array.from({ length: Math.min(1000, recordCount - from) }, newRecord)
    await records.insertRecords(workspaceId, datasetId, some)
  }
  const making = new RunMakingRows(database)
  const plan = {
    workspaceId,
    ownerId,
    judgeId,
    revisionId,
    datasetId,
    name: 'Bench',
    filter: null,
    samples: 1,
  }
  const caps = {
    concurrency: 4,
    priority: 'normal',
    maxCost: null,
    maxTokens: null,
    traceContext: null,
  } as const

  return {
    location,
    async addRun() {
      const id = uuidv7()
      const leaseUntil = new Date(Date.now() + laterMs)
      await making.begin({ id, ...plan, ...caps, createdAt: new Date() }, leaseUntil)
      const through = (await records.lastPlace(workspaceId, datasetId)) ?? 0
      for (let after = 0; ; ) {
        const step = await making.takeStretch(id, { datasetId, filter: null, after, through }, leaseUntil)
        if (step === undefined || step === 'given_up') break
        after = step.place
      }
      await making.publish(id)
      return id
    },
    async itemsOf(runId) {
      const rows = await database.kysely
        .selectFrom('run_items')
        .select(['number', 'record_id'])
        .where('run_id', '=', runId)
        .orderBy('number')
        .execute()
      return rows.map(({ number, record_id: recordId }) => ({ number, recordId }))
    },
    judgmentOf: (runId, { number, recordId }) => ({
      ...judged,
      id: uuidv7(),
      workspaceId,
      judgeId,
      revisionId,
      createdAt: new Date(),
      run: { runId, itemNumber: number, recordId },
    }),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await administer(serverUrl, `drop database ${name} with (force)`)
    },
  }
}

const definition = {
  name: 'Bench',
  description: '',
  modelName: 'openai/judge-small',
  output: {
    type: 'CLASSIFICATION',
    options: [
      { value: 'yes', description: 'It is.' },
      { value: 'no', description: 'It is not.' },
    ],
  },
  instructions: 'Is the response right?',
  tools: [],
} as const

function newRecord() {
  const payload = { messages: [{ role: 'user', content: 'Is this conversation fine? '.repeat(18) }] }
  return { id: uuidv7(), payload, properties: {}, source: 'DIRECT_INPUT', createdAt: new Date() } as const
}

const judged = {
  outcome: 'answered',
  answer: 'yes',
  analysis: 'The response answers what was asked, and says where it has it from. '.repeat(4),
  reason: null,
  conversation: null,
  flags: [],
  distribution: null,
  votes: null,
  agreement: null,
  account: {
    provider: 'openai',
    modelName: 'judge-small',
    enforcement: 'json_schema',
    leftOut: [],
    attempts: 1,
    latencyMs: 812.25,
    inputTokens: 512,
    outputTokens: 64,
    toolUses: [],
    isToolBudgetExhausted: false,
  },
  cost: null,
} as const

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
