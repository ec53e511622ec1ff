import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { ComparedJudgment, ComparedRecord, Flip } from '../agreement/run-comparison.ts'
import type { FlipStretch, RunComparisonStore } from '../agreement/run-comparison-store.ts'
import type { Definition, Output } from '../judges/definition.ts'
import type { Outcome } from '../judging/judgment.ts'
import type { Database } from './open-database.ts'

/** How many records are read at once: so few that nobody else waits for long. */
const recordsAtOnce = 500
/** Of those that are only looked at, to find flips. */
const lookedAtAtOnce = 2000

type JudgmentColumn = 'id' | 'outcome' | 'answer' | 'provider' | 'model_name' | 'enforcement'

/** The columns of a judgment with `first_` or `second_` before their names; all null where there is none. */
type ColumnsOf<Side extends string> = {
  readonly [Column in `${Side}_${JudgmentColumn}`]: string | null
}

interface ItemColumns {
  readonly number: number
  readonly record_id: string
  /** Null where the other run doesn't have the record. */
  readonly other_number: number | null
}

export type PairRow = ItemColumns & ColumnsOf<'first'> & ColumnsOf<'second'>

/** Two runs side by side, in the database. */
export class RunComparisonRows implements RunComparisonStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async findDefinition(revisionId: string): Promise<Definition | undefined> {
    const row = await this.#database.kysely
      .selectFrom('judge_revisions')
      .select(['name', 'description', 'model_name', 'output', 'instructions', 'tools'])
      .where('id', '=', revisionId)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const { model_name: modelName, output, tools, ...texts } = row
    return {
      ...texts,
      modelName,
      output: JSON.parse(output) as Output,
      tools: JSON.parse(tools) as string[],
    }
  }

  async countItems(runId: string): Promise<number> {
    const { count } = await this.#database.kysely
      .selectFrom('run_items')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('run_id', '=', runId)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  async readPairs(runId: string, otherRunId: string, afterItem: number): Promise<readonly ComparedRecord[]> {
    // A promise of SQLite's resolves without a turn of the event loop.
    await nextTurn()
    const query = nextPairs({ runId, otherRunId, afterItem })
    const { rows } = await query.execute(this.#database.kysely)
    return rows.map(toRecord)
  }

  async readFlips(runId: string, otherRunId: string, afterItem: number): Promise<FlipStretch> {
    await nextTurn()
    const query = nextFlips({ runId, otherRunId, afterItem })
    const { rows } = await query.execute(this.#database.kysely)
    return {
      flips: rows.flatMap((row) => (row.record_id === null ? [] : [toFlip(row)])),
      lastItem: rows[0]?.last_number ?? undefined,
    }
  }

  async findAnalyses(judgmentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (judgmentIds.length === 0) return new Map()
    const rows = await this.#database.kysely
      .selectFrom('judgments')
      .select(['id', 'analysis'])
      .where('id', 'in', judgmentIds)
      .execute()
    return new Map(rows.flatMap(({ id, analysis }) => (analysis === null ? [] : [[id, analysis]])))
  }
}

interface Place {
  readonly runId: string
  readonly otherRunId: string
  readonly afterItem: number
}

/** A query for the next records of a run, each with its judgment in that run and in the other. */
export function nextPairs({ runId, otherRunId, afterItem }: Place): RawBuilder<PairRow> {
  return sql<PairRow>`
    with item as (
      select number, record_id, judgment_id from run_items
      where run_id = ${runId} and number > ${afterItem} order by number limit ${recordsAtOnce}
    )
    select item.number, item.record_id, other.number as other_number,
      ${columnsOf('first')}, ${columnsOf('second')}
    from item
    left join judgments as first on first.id = item.judgment_id
    left join run_items as other on other.run_id = ${otherRunId} and other.record_id = item.record_id
    left join judgments as second on second.id = other.judgment_id
    order by item.number`
}

/** One row for each flip, or a single one without a record where there is none. */
type FlipRow = { readonly last_number: number | null } & (
  | { readonly record_id: null }
  | {
      readonly number: number
      readonly record_id: string
      readonly first_id: string
      readonly first_answer: string
      readonly second_id: string
      readonly second_answer: string
    }
)

/** A query for the flips among the next records of a run, and for the number of the last of those records. */
export function nextFlips({ runId, otherRunId, afterItem }: Place): RawBuilder<FlipRow> {
  return sql<FlipRow>`
    with item as (
      select number, record_id, judgment_id from run_items
      where run_id = ${runId} and number > ${afterItem} order by number limit ${lookedAtAtOnce}
    ),
    -- Materialized, and with a lookup for each record, so that no engine begins with all of the other run.
    looked_up as materialized (
      select number, record_id, judgment_id, (
        select other.judgment_id from run_items as other
        where other.run_id = ${otherRunId} and other.record_id = item.record_id
      ) as other_judgment_id from item
    ),
    pair as materialized (
      select looked_up.number, looked_up.record_id, first.id as first_id, first.answer as first_answer,
        second.id as second_id, second.answer as second_answer
      from looked_up
      left join judgments as first on first.id = looked_up.judgment_id
      left join judgments as second on second.id = looked_up.other_judgment_id
    )
    select seen.last_number, flip.* from (select max(number) as last_number from pair) as seen
    left join pair as flip on flip.first_answer <> flip.second_answer
    order by flip.number`
}

function columnsOf(side: 'first' | 'second'): RawBuilder<unknown> {
  const columns = ['id', 'outcome', 'answer', 'provider', 'model_name', 'enforcement']
  return sql.join(
    columns.map((column) => sql`${sql.ref(`${side}.${column}`)} as ${sql.ref(`${side}_${column}`)}`),
  )
}

function toRecord(row: PairRow): ComparedRecord {
  return {
    recordId: row.record_id,
    itemNumber: row.number,
    first: toJudgment(row, 'first'),
    second: row.other_number === null ? undefined : toJudgment(row, 'second'),
  }
}

function toFlip(row: Exclude<FlipRow, { readonly record_id: null }>): Flip {
  return {
    recordId: row.record_id,
    itemNumber: row.number,
    first: { id: row.first_id, answer: JSON.parse(row.first_answer) as string | number, analysis: null },
    second: { id: row.second_id, answer: JSON.parse(row.second_answer) as string | number, analysis: null },
  }
}

function toJudgment(row: PairRow, side: 'first' | 'second'): ComparedJudgment {
  const [answer, provider] = [row[`${side}_answer`], row[`${side}_provider`]]
  return {
    id: row[`${side}_id`],
    outcome: (row[`${side}_outcome`] as Outcome | null) ?? 'pending',
    answer: answer === null ? null : (JSON.parse(answer) as string | number),
    analysis: null,
    servedModel: provider === null ? null : `${provider}/${row[`${side}_model_name`]}`,
    enforcement: row[`${side}_enforcement`],
  }
}
