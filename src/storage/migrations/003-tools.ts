import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The calls of tools in a judgment. */
export function tools(): Migration {
  return {
    up: async (database) => {
      await sql`alter table judgments add column tool_uses text not null default '[]'`.execute(database)
    },
  }
}
