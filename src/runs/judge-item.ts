import type { RecordContent } from '../datasets/dataset.ts'
import { toMaterial } from '../datasets/records.ts'
import { AssizeError, type Situation } from '../errors.ts'
import type { Budgets } from '../judging/budgets.ts'
import type { JudgeMaterial, Material } from '../judging/judging.ts'
import type { FlaggedJudgment, JudgmentRecord } from '../judging/judgment.ts'
import { type KeptParts, toJudgmentRecord } from '../judging/judgment-record.ts'
import type { PriceOf } from '../judging/price.ts'
import type { TraceContexts } from '../judging/trace-contexts.ts'
import { unjudged } from '../judging/unjudged.ts'
import type { Court } from './court.ts'

/** An item to be judged. */
export interface Item {
  readonly number: number
  readonly recordId: string
  /** Undefined where the record is there no more. */
  readonly content: RecordContent | undefined
}

export interface JudgeItemTools {
  readonly judgeMaterial: JudgeMaterial
  readonly now: () => Date
  readonly newId: () => string
  readonly kept: KeptParts
  readonly priceOf: PriceOf
  readonly budgets: Omit<Budgets, 'check'>
  readonly traceContexts: Pick<TraceContexts, 'within'>
  /** Called with what nobody expected. */
  readonly onFailure: (error: unknown) => void
}

/** What came of an item. */
export interface JudgedItem {
  readonly record: JudgmentRecord
  /** Null where the item itself could not be judged, whoever is asked. */
  readonly judgment: FlaggedJudgment | null
}

/** What the whole run is at fault for, and no item. */
const ofTheRun: readonly Situation[] = ['model_not_served', 'tool_not_served', 'database_unavailable']

/**
 * Judges one item of a run. Whatever is wrong with the item is an outcome.
 * @throws AssizeError where the run can't go on: `model_not_served`, `tool_not_served`, `database_unavailable`; the
 *   abandoned signal's reason
 */
export async function judgeItem(
  item: Item,
  court: Court,
  abandoned: AbortSignal,
  tools: JudgeItemTools,
): Promise<JudgedItem> {
  const material = item.content && toMaterial(item.content)
  if (material === undefined) {
    return {
      record: toRecord(item, court, unjudged('The record was deleted.', court.found[0]), noMaterial, tools),
      judgment: null,
    }
  }
  try {
    const { definition, run } = court
    const wanted = { samples: run.samples, wantsDistribution: run.samples > 1 }
    const judgment = await tools.traceContexts.within(run.traceContext, () =>
      tools.judgeMaterial(definition, material, abandoned, wanted, run.workspaceId),
    )
    const record = toRecord(item, court, judgment, material, tools)
    tools.budgets.add(record, record.cost)
    return { record, judgment }
  } catch (error) {
    if (abandoned.aborted || (error instanceof AssizeError && ofTheRun.includes(error.situation))) throw error
    const judgment = unjudged(reasonOf(error, tools), court.found[0])
    return { record: toRecord(item, court, judgment, material, tools), judgment: null }
  }
}

/** The same item, where what came of it can't be kept. */
export function withoutJudgment(record: JudgmentRecord, reason: string): JudgmentRecord {
  const unkept = {
    answer: null,
    analysis: null,
    conversation: null,
    flags: [],
    distribution: null,
    votes: null,
  }
  const { account } = record
  const bare = { ...account, leftOut: [], toolUses: [], isToolBudgetExhausted: false }
  return { ...record, ...unkept, agreement: null, outcome: 'invalid_request', reason, account: bare }
}

const noMaterial: Material = { messages: [] }

function toRecord(
  { number, recordId }: Item,
  { run }: Court,
  judgment: FlaggedJudgment,
  material: Material,
  { now, newId, kept, priceOf }: JudgeItemTools,
): JudgmentRecord {
  const { workspaceId, judgeId, revisionId } = run
  const place = { runId: run.id, itemNumber: number, recordId }
  const made = { id: newId(), createdAt: now(), workspaceId, judgeId, revisionId, run: place }
  return toJudgmentRecord({ ...made, material, judgment }, kept, priceOf)
}

function reasonOf(error: unknown, { onFailure }: JudgeItemTools): string {
  if (error instanceof AssizeError) return error.message
  onFailure(error)
  return 'Something went wrong on this server; its log has more.'
}
