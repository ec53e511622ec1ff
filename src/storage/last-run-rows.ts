import { sql } from 'kysely'
import type { JudgeActivity, LastRun, LastRunStore } from '../runs/last-run-store.ts'
import type { RunState } from '../runs/run.ts'
import type { Database } from './open-database.ts'

/** A row for each option that the judge's last run answered, and one where it answered none. */
interface ActivityColumns {
  readonly judge_id: string
  readonly live_at_ms: number | null
  readonly id: string | null
  readonly name: string
  readonly state: RunState
  readonly created_at_ms: number
  readonly ended_at_ms: number | null
  readonly total: number
  readonly judged: number
  readonly answered: number
  readonly sum: number
  /** JSON of a string. */
  readonly answer: string | null
  readonly answer_count: number
}

/** What judges did last, in the database. */
export class LastRunRows implements LastRunStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async ofJudges(workspaceId: string, judgeIds: readonly string[]): Promise<readonly JudgeActivity[]> {
    const { rows } = await sql<ActivityColumns>`
      select judges.id as judge_id,
        (select max(created_at_ms) from judgments where judge_id = judges.id and run_id is null) as live_at_ms,
        runs.id, runs.name, runs.state, runs.created_at_ms, runs.ended_at_ms, runs.total,
        (select cast(coalesce(sum(judgments), 0) as bigint) from run_counts where run_id = runs.id) as judged,
        coalesce(answered.judgments, 0) as answered, coalesce(answered.answer_sum, 0) as sum,
        run_answers.answer, run_answers.judgments as answer_count
      from judges
      left join runs on runs.id = (
        select id from runs where judge_id = judges.id and state not in ('making', 'removed')
        order by created_at_ms desc, id desc limit 1
      )
      left join run_counts as answered on answered.run_id = runs.id and answered.outcome = 'answered'
      left join run_answers on run_answers.run_id = runs.id and run_answers.judgments > 0
      where judges.workspace_id = ${workspaceId} and judges.id in (${sql.join(judgeIds)})`.execute(
      this.#database.kysely,
    )
    return [...Map.groupBy(rows, (row) => row.judge_id)].map(([judgeId, ofJudge]) => {
      const liveAtMs = ofJudge[0]?.live_at_ms ?? null
      return {
        judgeId,
        lastRun: toLastRun(ofJudge),
        lastLiveAt: liveAtMs === null ? null : new Date(liveAtMs),
      }
    })
  }
}

function toLastRun(rows: readonly ActivityColumns[]): LastRun | null {
  const [row] = rows
  if (row === undefined || row.id === null) return null
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    createdAt: new Date(row.created_at_ms),
    endedAt: row.ended_at_ms === null ? null : new Date(row.ended_at_ms),
    total: row.total,
    judged: row.judged,
    answered: row.answered,
    answers: rows.flatMap(({ answer, answer_count: count }) =>
      answer === null ? [] : [{ answer: JSON.parse(answer) as string, count }],
    ),
    sum: row.sum,
  }
}
