import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Page } from '../judges/judge-store.ts'
import type { ListedJudgment } from '../judging/judgment-store.ts'
import type { AnswerCount, StretchCounts } from '../runs/answer-counts.ts'
import type { RunJudgmentFilter, RunJudgmentQuery, RunJudgmentStore } from '../runs/run-judgment-store.ts'
import { listedColumns, toListed } from './judgment-columns.ts'
import type { Database } from './open-database.ts'
import type { JudgmentRow } from './tables.ts'

/** Judgments that are read at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const readAtOnce = 200

type ListedColumns = Pick<Selectable<JudgmentRow>, (typeof listedColumns)[number]>

/** A row for each judgment of the page, or a single one without a judgment where the page is empty. */
type OnPage = { readonly total_count: number } & (
  | ListedColumns
  | { readonly [Column in keyof ListedColumns]: null }
)

interface StretchRow {
  readonly lowest: number
  readonly highest: number
  readonly place: number
  readonly count: number | string
}

/** What runs have made, in the database. */
export class RunJudgmentRows implements RunJudgmentStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(runId: string, query: RunJudgmentQuery): Promise<Page<ListedJudgment>> {
    const isListed = isWanted(runId, query)
    const { rows } = await sql<OnPage>`
      with page as (
        select item_number from judgments where ${isListed}
        order by item_number limit ${query.pageSize} offset ${(query.page - 1) * query.pageSize}
      ), shown as (
        select ${columns} from page
        join judgments on judgments.run_id = ${runId} and judgments.item_number = page.item_number
      )
      select counted.total_count, shown.*
      from (select ${countOf(runId, query, isListed)} as total_count) as counted
      left join shown on true
      order by shown.item_number`.execute(this.#database.kysely)
    return {
      items: rows.flatMap((row) => (row.id === null ? [] : [toListed(row)])),
      count: rows[0]?.total_count ?? 0,
    }
  }

  async readOn(runId: string, filter: RunJudgmentFilter, after: number): Promise<readonly ListedJudgment[]> {
    // A promise of SQLite's resolves without a turn of the event loop.
    await nextTurn()
    const { rows } = await sql<ListedColumns>`
      select ${columns} from judgments where ${isWanted(runId, filter)} and item_number > ${after}
      order by item_number limit ${readAtOnce}`.execute(this.#database.kysely)
    return rows.map(toListed)
  }

  async find(runId: string, judgmentId: string): Promise<ListedJudgment | undefined> {
    const row = await this.#database.kysely
      .selectFrom('judgments')
      .select(listedColumns)
      .where('id', '=', judgmentId)
      .where('run_id', '=', runId)
      .executeTakeFirst()
    return row && toListed(row)
  }

  async countAnswers(runId: string, most?: number): Promise<readonly AnswerCount[]> {
    const rows = await this.#database.kysely
      .selectFrom('judgments')
      .select(['answer', (is) => is.fn.countAll<number>().as('count')])
      .where('run_id', '=', runId)
      .where('outcome', '=', 'answered')
      .groupBy('answer')
      .$if(most !== undefined, (query) => query.limit(most ?? 0))
      .execute()
    return rows.map(({ answer, count }) => ({ answer: JSON.parse(answer ?? 'null'), count: Number(count) }))
  }

  async countStretches(runId: string, stretches: number): Promise<StretchCounts> {
    const { rows } = await sql<StretchRow>`
      with numbers as (
        select cast(answer as double precision) as value from judgments
        where run_id = ${runId} and outcome = 'answered'
      ), ends as (select min(value) as lowest, max(value) as highest from numbers),
      placed as (
        select lowest, highest, case
          when (value - lowest) / (highest - lowest) * ${sql.lit(stretches)} >= ${sql.lit(stretches)}
            then ${sql.lit(stretches - 1)}
          else floor((value - lowest) / (highest - lowest) * ${sql.lit(stretches)})
        end as place
        from numbers cross join ends
      )
      select lowest, highest, place, count(*) as count from placed
      group by lowest, highest, place`.execute(this.#database.kysely)
    return {
      least: rows[0]?.lowest ?? 0,
      greatest: rows[0]?.highest ?? 0,
      counts: rows.map(({ place, count }) => ({ place: Number(place), count: Number(count) })),
    }
  }
}

const columns = sql.join(listedColumns.map((name) => sql.ref(`judgments.${name}`)))

function isWanted(runId: string, { outcomes, answers }: RunJudgmentFilter): RawBuilder<unknown> {
  const isOutcome = outcomes.length === 0 ? sql`` : sql`and outcome in (${sql.join(outcomes)})`
  if (answers.length === 0) return sql`run_id = ${runId} ${isOutcome}`
  const texts = answers.map((answer) => JSON.stringify(answer))
  // That only what is answered has an answer lets the index of outcomes find it.
  return sql`run_id = ${runId} ${isOutcome} and outcome = 'answered' and answer in (${sql.join(texts)})`
}

/** From the run's counts where they tell it: to count its judgments would take longer with each. */
function countOf(
  runId: string,
  { outcomes, answers }: RunJudgmentFilter,
  isListed: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (answers.length > 0) return sql`(select count(*) from judgments where ${isListed})`
  const isOutcome = outcomes.length === 0 ? sql`` : sql`and outcome in (${sql.join(outcomes)})`
  return sql`(
    select cast(coalesce(sum(judgments), 0) as bigint) from run_counts where run_id = ${runId} ${isOutcome}
  )`
}
