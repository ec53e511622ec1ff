import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What was seen and left out in a judgment, what several calls said, and what was learnt of models. */
export function trust(): Migration {
  const statements = [
    sql`alter table judgments add column flags text not null default '[]'`,
    sql`alter table judgments add column left_out text not null default '[]'`,
    sql`alter table judgments add column distribution text`,
    sql`alter table judgments add column votes text`,
    sql`create table model_lessons (
      provider text not null,
      model_name text not null,
      lesson text not null,
      learnt_at_ms bigint not null,
      primary key (provider, model_name)
    )`,
  ]
  return {
    up: async (database) => {
      for (const statement of statements) await statement.execute(database)
    },
  }
}
