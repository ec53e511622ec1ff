import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Engine } from '../engines.ts'

/** What runs answered, counted as they go: options by option, numbers by their sum. */
export function runAnswers({ columnTypes: { id } }: Engine): Migration {
  const statements = [
    sql`create table run_answers (
      run_id ${id} not null references runs (id) on delete cascade,
      answer text not null,
      judgments bigint not null,
      primary key (run_id, answer)
    )`,
    sql`insert into run_answers (run_id, answer, judgments)
      select run_id, answer, count(*) from judgments
      where run_id is not null and outcome = 'answered' and answer like '"%' group by run_id, answer`,
    sql`alter table run_counts add column answer_sum double precision not null default 0`,
    sql`update run_counts set answer_sum = coalesce((
      select sum(cast(judgments.answer as double precision)) from judgments
      where judgments.run_id = run_counts.run_id and judgments.outcome = 'answered' and judgments.answer not like '"%'
    ), 0) where outcome = 'answered'`,
  ]
  return {
    up: async (database) => {
      for (const statement of statements) await statement.execute(database)
    },
  }
}
