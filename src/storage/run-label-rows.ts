import { sql } from 'kysely'
import type { LabelValue } from '../agreement/label.ts'
import type { ItemWithContent, LabelledItem, RunAnswer, RunLabelStore } from '../agreement/run-label-store.ts'
import type { RecordContent } from '../datasets/dataset.ts'
import type { Outcome } from '../judging/judgment.ts'
import type { Database } from './open-database.ts'

/** How many rows are read at once: so few that nobody else waits for long. */
const answersAtOnce = 5000
const itemsAtOnce = 500

interface ItemRow {
  readonly number: number
  readonly record_id: string
  readonly outcome: Outcome | null
  readonly answer: string | null
  readonly analysis: string | null
  readonly agreement: number | null
}

const itemColumns = sql`item.number, item.record_id, judgment.outcome, judgment.answer, judgment.analysis,
  judgment.agreement`

/** A run's judgments beside what people say of its records, in the database. */
export class RunLabelRows implements RunLabelStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async readAnswers(runId: string, afterItem: number): Promise<readonly RunAnswer[]> {
    const rows = await this.#database.kysely
      .selectFrom('judgments')
      .select(['item_number', 'record_id', 'answer', 'agreement'])
      .where('run_id', '=', runId)
      .where('item_number', '>', afterItem)
      .where('answer', 'is not', null)
      .orderBy('item_number')
      .limit(answersAtOnce)
      .execute()
    return rows.map((row) => ({
      itemNumber: row.item_number ?? Number.NaN,
      recordId: row.record_id ?? '',
      answer: JSON.parse(row.answer ?? 'null') as string | number,
      agreement: row.agreement,
    }))
  }

  async readLabelled(runId: string, judgeId: string, afterItem: number): Promise<readonly LabelledItem[]> {
    const { rows } = await sql<ItemRow & { readonly author: string; readonly value: string | null }>`
      with item as (
        select run_items.number, run_items.record_id, run_items.judgment_id from run_items
        where run_items.run_id = ${runId} and run_items.number > ${afterItem} and exists (
          select 1 from labels where labels.record_id = run_items.record_id and labels.judge_id = ${judgeId}
        )
        order by run_items.number limit ${itemsAtOnce}
      )
      select ${itemColumns}, labels.author, labels.value from item
      join labels on labels.record_id = item.record_id and labels.judge_id = ${judgeId}
      left join judgments as judgment on judgment.id = item.judgment_id
      order by item.number, labels.author`.execute(this.#database.kysely)
    const byItem = Map.groupBy(rows, (row) => row.number)
    return [...byItem.values()].map((same) => ({
      ...toItem(same[0] as ItemRow),
      labels: same.map(({ author, value }) => ({ author, value: parsed(value) })),
    }))
  }

  async readAnsweredBy(
    runId: string,
    otherRunId: string,
    afterItem: number,
  ): Promise<readonly LabelledItem[]> {
    const { rows } = await sql<ItemRow & { readonly value: string }>`
      select ${itemColumns}, other.answer as value from run_items as item
      join run_items as other_item on other_item.run_id = ${otherRunId} and other_item.record_id = item.record_id
      join judgments as other on other.id = other_item.judgment_id and other.answer is not null
      left join judgments as judgment on judgment.id = item.judgment_id
      where item.run_id = ${runId} and item.number > ${afterItem}
      order by item.number limit ${itemsAtOnce}`.execute(this.#database.kysely)
    return rows.map((row) => ({
      ...toItem(row),
      labels: [{ author: otherRunId, value: parsed(row.value) }],
    }))
  }

  async readContents(runId: string, afterItem: number): Promise<readonly ItemWithContent[]> {
    const { rows } = await sql<ItemRow & { readonly payload: string; readonly properties: string }>`
      select ${itemColumns}, records.payload, records.properties from run_items as item
      join dataset_records as records on records.id = item.record_id
      left join judgments as judgment on judgment.id = item.judgment_id
      where item.run_id = ${runId} and item.number > ${afterItem}
      order by item.number limit ${itemsAtOnce}`.execute(this.#database.kysely)
    return rows.map((row) => ({
      ...toItem(row),
      content: { payload: JSON.parse(row.payload), properties: JSON.parse(row.properties) } as RecordContent,
    }))
  }
}

function toItem(row: ItemRow): Omit<LabelledItem, 'labels'> {
  return {
    itemNumber: row.number,
    recordId: row.record_id,
    outcome: row.outcome,
    answer: row.answer === null ? null : (JSON.parse(row.answer) as string | number),
    analysis: row.analysis,
    agreement: row.agreement,
  }
}

function parsed(value: string | null): LabelValue {
  return value === null ? null : (JSON.parse(value) as LabelValue)
}
