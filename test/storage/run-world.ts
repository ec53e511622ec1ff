import { uuidv7 } from 'uuidv7'
import type { NewJudge } from '../../src/judges/judge-store.ts'
import type { JudgmentRecord } from '../../src/judging/judgment.ts'
import type { RunPlan } from '../../src/runs/run.ts'
import type { ClaimedItem, Worker } from '../../src/runs/run-work-store.ts'
import { DatasetRows } from '../../src/storage/dataset-rows.ts'
import { RecordRows } from '../../src/storage/record-rows.ts'
import { RunJudgmentRows } from '../../src/storage/run-judgment-rows.ts'
import { RunMakingRows } from '../../src/storage/run-making-rows.ts'
import { RunRows } from '../../src/storage/run-rows.ts'
import { RunWorkRows } from '../../src/storage/run-work-rows.ts'
import type { TestEngine } from '../support/engines.ts'
import { addJudge, createWorld, judgmentOf, someTime, type World } from './world.ts'

/** A world with a judge, and a dataset to run it over. */
export interface RunWorld extends World {
  readonly datasets: DatasetRows
  readonly records: RecordRows
  readonly making: RunMakingRows
  readonly runs: RunRows
  readonly made: RunJudgmentRows
  readonly work: RunWorkRows
  readonly judge: NewJudge
  readonly datasetId: string
  /** In the order of the dataset. */
  readonly recordIds: readonly string[]
}

export const later = (ms: number): Date => new Date(someTime.getTime() + ms)

/** @param properties of each record of the dataset */
export async function createRunWorld(
  engine: TestEngine,
  properties: readonly Readonly<Record<string, unknown>>[],
): Promise<RunWorld> {
  const world = await createWorld(engine)
  const { database } = world
  const datasets = new DatasetRows(database)
  const records = new RecordRows(database)
  const dataset = {
    id: uuidv7(),
    workspaceId: world.workspaceId,
    ownerId: world.ownerId,
    name: 'Conversations',
    slug: 'conversations',
    description: '',
    createdAt: someTime,
    updatedAt: someTime,
  }
  await datasets.insert(dataset)
  const recordIds = await addRecords(records, dataset, properties)
  return {
    ...world,
    datasets,
    records,
    making: new RunMakingRows(database),
    runs: new RunRows(database),
    made: new RunJudgmentRows(database),
    work: new RunWorkRows(database),
    judge: await addJudge(world),
    datasetId: dataset.id,
    recordIds,
  }
}

export async function addRecords(
  records: RecordRows,
  dataset: { readonly id: string; readonly workspaceId: string },
  properties: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly string[]> {
  const added = properties.map((each, index) => ({
    id: uuidv7(),
    source: 'DIRECT_INPUT' as const,
    payload: { messages: [{ role: 'user', content: `Question ${index + 1}` }] },
    properties: each,
    createdAt: someTime,
  }))
  for (let from = 0; from < added.length; from += 1000) {
    await records.insertRecords(dataset.workspaceId, dataset.id, added.slice(from, from + 1000))
  }
  return added.map(({ id }) => id)
}

export function planOf(world: RunWorld, change: Partial<RunPlan> = {}): RunPlan {
  return {
    id: uuidv7(),
    workspaceId: world.workspaceId,
    ownerId: world.ownerId,
    judgeId: world.judge.id,
    revisionId: world.judge.revisionId,
    datasetId: world.datasetId,
    name: 'A run',
    filter: null,
    samples: 1,
    concurrency: 4,
    priority: 'normal',
    maxCost: null,
    maxTokens: null,
    createdAt: someTime,
    traceContext: null,
    ...change,
  }
}

/** Makes a run over the dataset, as the use case does. */
export async function addRun(world: RunWorld, change: Partial<RunPlan> = {}): Promise<RunPlan> {
  const plan = planOf(world, change)
  await world.making.begin(plan, later(1000))
  const through = (await world.records.lastPlace(world.workspaceId, world.datasetId)) ?? 0
  for (let after = 0; ; ) {
    const stretch = { datasetId: world.datasetId, filter: plan.filter, after, through }
    const step = await world.making.takeStretch(plan.id, stretch, later(1000))
    if (step === 'given_up') throw new Error('The run was given up.')
    if (step === undefined) break
    after = step.place
  }
  await world.making.publish(plan.id)
  return plan
}

/** Somebody who works on a run, with a lease of 20 s from `someTime`. */
export async function addWorker(world: RunWorld, runId: string, leaseMs = 20_000): Promise<Worker> {
  const worker = { id: uuidv7(), runId }
  await world.work.renew(worker, someTime, later(leaseMs))
  return worker
}

export function judgmentOfItem(
  world: RunWorld,
  runId: string,
  { number, recordId }: Pick<ClaimedItem, 'number' | 'recordId'>,
  change: Partial<JudgmentRecord> = {},
): JudgmentRecord {
  return judgmentOf(world.judge, { run: { runId, itemNumber: number, recordId }, ...change })
}

/** What the tables say of a run, counted row by row. */
export async function countedRows(world: RunWorld, runId: string) {
  const items = await world.database.kysely
    .selectFrom('run_items')
    .select(['number', 'judgment_id'])
    .where('run_id', '=', runId)
    .execute()
  const judgments = await world.database.kysely
    .selectFrom('judgments')
    .select(['id', 'item_number', 'outcome'])
    .where('run_id', '=', runId)
    .execute()
  const ids = new Map(judgments.map((row) => [row.item_number, row.id]))
  const dangling = items.filter(({ number, judgment_id }) => (ids.get(number) ?? null) !== judgment_id)
  if (dangling.length > 0 || ids.size !== judgments.length) {
    throw new Error(`Items and judgments of run ${runId} do not go together.`)
  }
  return { total: items.length, pending: items.length - judgments.length }
}
