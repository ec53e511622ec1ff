import { sql } from 'kysely'
import type { LimitAsk, LimitGrant, LimitStore, ProviderLimits } from '../judging/provider-limits.ts'
import { freshState, type LimitState, shareLimits } from '../judging/share-limits.ts'
import type { Database } from './open-database.ts'
import { transactSoon } from './transact-soon.ts'

/** What processes share of each provider's limits, in the database: one row a provider. */
export class LimitRows implements LimitStore {
  readonly #database: Database
  readonly #now: (() => Date) | undefined

  /** @param now absent: the database's own clock, which is one for all processes */
  constructor(database: Database, now?: () => Date) {
    this.#database = database
    this.#now = now
  }

  async ask(provider: string, limits: ProviderLimits, ask: LimitAsk): Promise<LimitGrant> {
    return await transactSoon(this.#database, async (transaction) => {
      // Writes the row first: whoever comes later waits here, on both engines.
      const row = await transaction
        .insertInto('provider_limits')
        .values({ provider, state: JSON.stringify(freshState) })
        .onConflict((conflict) =>
          conflict.column('provider').doUpdateSet((set) => ({ state: set.ref('provider_limits.state') })),
        )
        .returning('state')
        .executeTakeFirstOrThrow()
      const nowMs = this.#now?.().getTime() ?? (await this.#clock(transaction))
      const shared = shareLimits(JSON.parse(row.state) as LimitState, limits, ask, nowMs)
      await transaction
        .updateTable('provider_limits')
        .set({ state: JSON.stringify(shared.state) })
        .where('provider', '=', provider)
        .execute()
      return shared.grant
    })
  }

  async #clock(transaction: Database['kysely']): Promise<number> {
    const { rows } = await sql<{
      readonly now: number
    }>`select ${this.#database.engine.nowMs} as now`.execute(transaction)
    return Number(rows[0]?.now)
  }
}
