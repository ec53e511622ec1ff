import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Which runs of a workspace have their turns first. */
export function priorities(): Migration {
  return {
    up: async (database) => {
      await sql`alter table runs add column priority text not null default 'normal'`.execute(database)
    },
  }
}
