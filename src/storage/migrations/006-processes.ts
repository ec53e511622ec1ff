import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What processes share of the limits of providers. */
export function processes(): Migration {
  return {
    up: async (database) => {
      await sql`create table provider_limits (provider text primary key, state text not null)`.execute(
        database,
      )
    },
  }
}
