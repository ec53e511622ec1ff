import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Engine } from '../engines.ts'

/** What people say of records. */
export function labels({ columnTypes: { id } }: Engine): Migration {
  const statements = [
    sql`create table labels (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      judge_id ${id} not null references judges (id),
      record_id ${id} not null references dataset_records (id) on delete cascade,
      author text not null,
      value text,
      created_at_ms bigint not null,
      unique (record_id, judge_id, author)
    )`,
  ]
  return {
    up: async (database) => {
      for (const statement of statements) await statement.execute(database)
    },
  }
}
