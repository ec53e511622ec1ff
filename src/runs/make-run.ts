import type { RecordStore } from '../datasets/dataset-store.ts'
import { AssizeError } from '../errors.ts'
import type { RunPlan } from './run.ts'
import type { RunMakingStore } from './run-making-store.ts'

export interface MakeRunTools {
  readonly making: RunMakingStore
  readonly records: Pick<RecordStore, 'lastPlace'>
  readonly now: () => Date
  /** Resolves once everybody else had a turn. */
  readonly nextTurn: () => Promise<void>
}

/** A run that is being made and that was not heard of for so long is given up. */
const leaseMs = 60_000

const idsAtOnce = 1000

/**
 * Makes a run of the records that are there now, bit by bit: nobody sees it before all of them are in it.
 * @param recordIds in place of the plan's dataset; a record that is named twice is judged once
 * @throws AssizeError `request_invalid` where there are none, `dataset_record_not_found` with the first that is not there
 */
export async function makeRun(
  plan: RunPlan,
  recordIds: readonly string[] | undefined,
  tools: MakeRunTools,
): Promise<void> {
  const { making, now } = tools
  const leaseUntil = (): Date => new Date(now().getTime() + leaseMs)
  await making.begin(plan, leaseUntil())
  try {
    if (recordIds !== undefined) await takeRecords(plan, recordIds, tools, leaseUntil)
    else if (plan.datasetId !== null) await takeDataset(plan, plan.datasetId, tools, leaseUntil)
    if (held(await making.publish(plan.id)) === 'empty') throw nothingToJudge(plan)
  } catch (error) {
    // Where that fails too, it is given up in the end.
    await making.abandon(plan.id).catch(() => undefined)
    throw error
  }
}

async function takeDataset(
  { id, workspaceId, filter }: RunPlan,
  datasetId: string,
  { making, records, nextTurn }: MakeRunTools,
  leaseUntil: () => Date,
): Promise<void> {
  const through = (await records.lastPlace(workspaceId, datasetId)) ?? 0
  for (let after = 0; ; ) {
    const step = held(await making.takeStretch(id, { datasetId, filter, after, through }, leaseUntil()))
    if (step === undefined) return
    after = step.place
    await nextTurn()
  }
}

async function takeRecords(
  { id }: RunPlan,
  recordIds: readonly string[],
  { making, nextTurn }: MakeRunTools,
  leaseUntil: () => Date,
): Promise<void> {
  const distinct = [...new Map(recordIds.map((recordId) => [recordId.toLowerCase(), recordId])).values()]
  for (let from = 0; from < distinct.length; from += idsAtOnce) {
    const ids = distinct.slice(from, from + idsAtOnce)
    const [missing] = held(await making.takeRecords(id, ids, leaseUntil()))
    if (missing !== undefined) {
      throw new AssizeError(
        'dataset_record_not_found',
        `record_ids: there is no record ${missing} in this workspace. No run was created.`,
      )
    }
    await nextTurn()
  }
}

function held<Taken>(step: Taken | 'given_up'): Taken {
  if (step !== 'given_up') return step
  throw new AssizeError(
    'database_unavailable',
    'It took too long to choose the records of the run. Try again.',
  )
}

function nothingToJudge({ datasetId, filter }: RunPlan): AssizeError {
  const message =
    filter === null
      ? `dataset_id: dataset ${datasetId} has no records; expected at least one.`
      : `filter: no record of dataset ${datasetId} has these properties; expected at least one. A property equals a value of the same type alone.`
  return new AssizeError('request_invalid', message)
}
