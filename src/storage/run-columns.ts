import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type Outcome, outcomes } from '../judging/judgment.ts'
import type { PropertyFilter, Run, RunPlan, RunProgress, RunState } from '../runs/run.ts'
import type { RunCountRow, RunRow } from './run-tables.ts'

/** A run with one of its counts; without any, those columns are null. */
export type RunColumns = Selectable<RunRow> & {
  readonly judge_name: string
  readonly model_name: string
} & (RunCountRow | { readonly [Column in Exclude<keyof RunCountRow, 'run_id'>]: null })

/** Of runs that are made and not removed. */
export const isSeen = sql`runs.state not in ('making', 'removed')`

/** A row for each count of each run, all of one moment. Runs are to be `runs`. */
export const withCounts: RawBuilder<unknown> = sql`
  join judge_revisions as revision on revision.id = runs.revision_id
  left join run_counts on run_counts.run_id = runs.id`

export const runColumns: RawBuilder<RunColumns> = sql`
  runs.*, revision.name as judge_name, revision.model_name,
  run_counts.outcome, run_counts.judgments, run_counts.charged, run_counts.input_tokens,
  run_counts.output_tokens, run_counts.cost, run_counts.unpriced, run_counts.answer_sum`

/** Runs of their rows, in the order of the rows. */
export function toRuns(rows: readonly RunColumns[]): Run[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [toRun(first, [first, ...others])],
  )
}

function toRun(row: RunColumns, rows: readonly RunColumns[]): Run {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    judgeId: row.judge_id,
    revisionId: row.revision_id,
    datasetId: row.dataset_id,
    name: row.name,
    filter: row.filter === null ? null : (JSON.parse(row.filter) as PropertyFilter),
    samples: row.samples,
    concurrency: row.concurrency,
    priority: row.priority,
    maxCost: row.max_cost,
    maxTokens: row.max_tokens,
    createdAt: new Date(row.created_at_ms),
    traceContext: row.trace_context,
    judgeName: row.judge_name,
    modelName: row.model_name,
    state: row.state as RunState,
    reason: row.reason,
    startedAt: dateOf(row.started_at_ms),
    endedAt: dateOf(row.ended_at_ms),
    progress: toProgress(
      row.total,
      rows.flatMap((each) => (each.outcome === null ? [] : [each])),
    ),
  }
}

function toProgress(total: number, counts: readonly RunCountRow[]): RunProgress {
  const add = (count: (row: RunCountRow) => number): number =>
    counts.reduce((sum, row) => sum + count(row), 0)
  const ended = new Map<Outcome, number>(counts.map((row) => [row.outcome, row.judgments]))
  return {
    total,
    pending: total - add((row) => row.judgments),
    outcomes: Object.fromEntries(
      outcomes.map((outcome) => [outcome, ended.get(outcome) ?? 0]),
    ) as RunProgress['outcomes'],
    inputTokens: add((row) => row.input_tokens),
    outputTokens: add((row) => row.output_tokens),
    cost: counts.some((row) => row.unpriced > 0) ? null : add((row) => row.cost),
    charged: add((row) => row.charged),
  }
}

export function toNewRunRow(plan: RunPlan, leaseUntil: Date): RunRow {
  return {
    id: plan.id,
    workspace_id: plan.workspaceId,
    owner_id: plan.ownerId,
    judge_id: plan.judgeId,
    revision_id: plan.revisionId,
    dataset_id: plan.datasetId,
    name: plan.name,
    filter: plan.filter && JSON.stringify(plan.filter),
    samples: plan.samples,
    concurrency: plan.concurrency,
    priority: plan.priority,
    max_cost: plan.maxCost,
    max_tokens: plan.maxTokens,
    state: 'making',
    reason: null,
    total: 0,
    created_at_ms: plan.createdAt.getTime(),
    started_at_ms: null,
    ended_at_ms: null,
    made_until_ms: leaseUntil.getTime(),
    trace_context: plan.traceContext,
  }
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}
