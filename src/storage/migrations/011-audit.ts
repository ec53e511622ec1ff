import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Engine } from '../engines.ts'

/** Who changed what. Without references, so that it outlives what it tells of. */
export function audit({ columnTypes: { id, sequence } }: Engine): Migration {
  const statements = [
    sql`create table audit_entries (
      seq ${sequence},
      at_ms bigint not null,
      workspace_id ${id} not null,
      key_id ${id},
      request_id text,
      action text not null,
      subject_id ${id},
      detail text not null
    )`,
    sql`create index audit_entries_by_workspace on audit_entries (workspace_id, at_ms, seq)`,
    sql`create index audit_entries_by_subject on audit_entries (workspace_id, subject_id, at_ms, seq)`,
    sql`create index audit_entries_by_time on audit_entries (at_ms)`,
  ]
  return {
    up: async (database) => {
      for (const statement of statements) await statement.execute(database)
    },
  }
}
