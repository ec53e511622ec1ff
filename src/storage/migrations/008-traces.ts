import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Which trace a run belongs to, for whoever goes on with it. */
export function traces(): Migration {
  return {
    up: async (database) => {
      await sql`alter table runs add column trace_context text`.execute(database)
    },
  }
}
