import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Lets the labels of a workspace be counted without a look at any. */
export function labelCounts(): Migration {
  return {
    up: async (database) => {
      await sql`create index labels_of_workspace on labels (workspace_id)`.execute(database)
    },
  }
}
