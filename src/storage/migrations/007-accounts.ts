import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Engine } from '../engines.ts'

/** What judging used by day. It refers to nothing that can be deleted, since what was spent stays spent. */
export function accounts({ columnTypes: { id } }: Engine): Migration {
  const statements = [
    sql`create table usage_counts (
      workspace_id ${id} not null references workspaces (id),
      day integer not null,
      judge_id ${id} not null,
      provider text not null,
      model_name text not null,
      source text not null,
      outcome text not null,
      judgments bigint not null,
      unpriced bigint not null,
      input_tokens bigint not null,
      output_tokens bigint not null,
      cost double precision not null,
      primary key (workspace_id, day, judge_id, provider, model_name, source, outcome)
    )`,
  ]
  return {
    up: async (database) => {
      for (const statement of statements) await statement.execute(database)
    },
  }
}
