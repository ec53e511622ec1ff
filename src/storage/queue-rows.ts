import type { Database } from './open-database.ts'

/** What waits to be done, of all workspaces. */
export interface WaitingWork {
  readonly runs: number
  readonly items: number
  readonly oldestSeconds: number
  readonly imports: number
}

/** Reads how much waits, from the sums that runs keep of themselves. */
export class QueueRows {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Throws `database_unavailable`. */
  async read(now: Date): Promise<WaitingWork> {
    const { kysely } = this.#database
    const running = await kysely
      .selectFrom('runs')
      .where('state', '=', 'running')
      .select((query) => [
        'total',
        'created_at_ms',
        query
          .selectFrom('run_counts')
          .whereRef('run_id', '=', 'runs.id')
          .select(({ fn }) => fn.sum<number | null>('judgments').as('judged'))
          .as('judged'),
      ])
      .execute()
    const pending = running
      .map(({ total, judged, created_at_ms }) => ({ items: total - Number(judged ?? 0), created_at_ms }))
      .filter(({ items }) => items > 0)
    const oldestMs = Math.min(...pending.map(({ created_at_ms }) => created_at_ms))
    const { imports } = await kysely
      .selectFrom('dataset_tasks')
      .where('status', '=', 'RUNNING')
      .select(({ fn }) => fn.countAll<number>().as('imports'))
      .executeTakeFirstOrThrow()
    return {
      runs: running.length,
      items: pending.reduce((sum, { items }) => sum + items, 0),
      oldestSeconds: pending.length === 0 ? 0 : Math.max(0, (now.getTime() - oldestMs) / 1000),
      imports: Number(imports),
    }
  }
}
