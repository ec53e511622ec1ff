import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Engine } from '../engines.ts'

/** Who is signed in, and the links that sign in once. */
export function sessions({ columnTypes: { id } }: Engine): Migration {
  const statements = [
    sql`create table sessions (
      hash text primary key,
      key_id ${id} not null references keys (id),
      created_at_ms bigint not null,
      expires_at_ms bigint not null
    )`,
    sql`create index sessions_by_end on sessions (expires_at_ms)`,
    sql`create index sessions_by_key on sessions (key_id)`,
    sql`create table sign_in_links (
      hash text primary key,
      key_id ${id} not null references keys (id),
      expires_at_ms bigint not null
    )`,
    sql`create index sign_in_links_by_key on sign_in_links (key_id)`,
  ]
  return {
    up: async (database) => {
      for (const statement of statements) await statement.execute(database)
    },
  }
}
