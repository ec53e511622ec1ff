import { type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Engine } from '../engines.ts'

/** Datasets with their records, files and imports; runs; and what a judgment of a run is known by. */
export function runs(engine: Engine): Migration {
  return {
    up: async (database) => {
      const statements = [
        ...datasetTables(engine),
        ...importTables(engine),
        ...runTables(engine),
        ...ofJudgments(engine),
      ]
      for (const statement of statements) await statement.execute(database)
    },
  }
}

function datasetTables({ columnTypes: { id, sequence } }: Engine): RawBuilder<unknown>[] {
  return [
    sql`create table datasets (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      owner_id ${id} not null references owners (id),
      name text not null,
      slug text not null,
      description text not null,
      search_text text not null,
      record_count bigint not null,
      created_at_ms bigint not null,
      updated_at_ms bigint not null,
      deleted_at_ms bigint
    )`,
    sql`create index datasets_deleted on datasets (deleted_at_ms) where deleted_at_ms is not null`,
    sql`create unique index datasets_living_slug on datasets (workspace_id, slug) where deleted_at_ms is null`,
    sql`create index datasets_newest on datasets (workspace_id, created_at_ms, id) where deleted_at_ms is null`,
    sql`create table dataset_records (
      seq ${sequence},
      id ${id} not null unique,
      dataset_id ${id} not null references datasets (id),
      payload text not null,
      properties text not null,
      source text not null,
      created_at_ms bigint not null,
      updated_at_ms bigint not null
    )`,
    sql`create index records_of_dataset on dataset_records (dataset_id, seq)`,
    sql`create table export_links (
      hash text primary key,
      dataset_id ${id} not null references datasets (id) on delete cascade,
      expires_at_ms bigint not null
    )`,
    sql`create index links_of_dataset on export_links (dataset_id)`,
  ]
}

function importTables({ columnTypes: { id, bytes } }: Engine): RawBuilder<unknown>[] {
  return [
    sql`create table files (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      owner_id ${id} not null references owners (id),
      name text not null,
      purpose text not null,
      media_type text,
      size_bytes bigint not null,
      is_whole integer not null,
      task_id ${id},
      created_at_ms bigint not null,
      touched_at_ms bigint not null,
      expires_at_ms bigint
    )`,
    sql`create index files_newest on files (workspace_id, created_at_ms, id) where is_whole = 1 and task_id is null`,
    sql`create index files_in_part on files (touched_at_ms) where is_whole = 0`,
    sql`create index files_of_tasks on files (task_id) where task_id is not null`,
    sql`create index files_that_expire on files (expires_at_ms) where expires_at_ms is not null`,
    sql`create table file_links (
      hash text primary key,
      file_id ${id} not null references files (id) on delete cascade,
      expires_at_ms bigint not null
    )`,
    sql`create index links_of_file on file_links (file_id)`,
    sql`create table file_chunks (
      file_id ${id} not null references files (id) on delete cascade,
      number integer not null,
      content ${bytes} not null,
      primary key (file_id, number)
    )`,
    sql`create table dataset_tasks (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      dataset_id ${id} not null references datasets (id),
      creator_id ${id} not null references owners (id),
      source text not null,
      status text not null,
      message text,
      progress integer,
      lines_read bigint not null,
      lines_taken bigint not null,
      lines_refused bigint not null,
      created_at_ms bigint not null,
      updated_at_ms bigint not null,
      claimed_by ${id},
      claimed_until_ms bigint
    )`,
    sql`create index tasks_of_dataset on dataset_tasks (dataset_id, created_at_ms, id)`,
    sql`create index tasks_running on dataset_tasks (created_at_ms) where status = 'RUNNING'`,
    sql`create table import_refusals (
      task_id ${id} not null references dataset_tasks (id) on delete cascade,
      line bigint not null,
      reason text not null,
      primary key (task_id, line)
    )`,
  ]
}

function runTables({ columnTypes: { id } }: Engine): RawBuilder<unknown>[] {
  return [
    // A dataset may go while its runs stay.
    sql`create table runs (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      owner_id ${id} not null references owners (id),
      judge_id ${id} not null references judges (id),
      revision_id ${id} not null references judge_revisions (id),
      dataset_id ${id},
      name text not null,
      filter text,
      samples integer not null,
      concurrency integer not null,
      max_cost double precision,
      max_tokens bigint,
      state text not null,
      reason text,
      total bigint not null,
      created_at_ms bigint not null,
      started_at_ms bigint,
      ended_at_ms bigint,
      made_until_ms bigint
    )`,
    sql`create index runs_newest on runs (workspace_id, created_at_ms, id)`,
    sql`create index runs_of_judge on runs (judge_id, created_at_ms, id)`,
    sql`create index runs_of_dataset on runs (dataset_id, created_at_ms, id) where dataset_id is not null`,
    sql`create index runs_under_way on runs (created_at_ms, id) where state = 'running'`,
    sql`create index runs_unseen on runs (created_at_ms) where state in ('making', 'removed')`,
    sql`create table run_items (
      run_id ${id} not null references runs (id) on delete cascade,
      number integer not null,
      record_id ${id} not null,
      judgment_id ${id},
      claimed_by ${id},
      primary key (run_id, number),
      unique (run_id, record_id)
    )`,
    sql`create index run_items_pending on run_items (run_id, number) where judgment_id is null`,
    sql`create table run_workers (
      run_id ${id} not null references runs (id) on delete cascade,
      id ${id} not null,
      lease_until_ms bigint not null,
      primary key (run_id, id)
    )`,
    // Sums of the run's judgments, kept in the transaction that stores them. Tokens and cost stay when a judgment is
    // made again: they were spent.
    sql`create table run_counts (
      run_id ${id} not null references runs (id) on delete cascade,
      outcome text not null,
      judgments bigint not null,
      charged bigint not null,
      input_tokens bigint not null,
      output_tokens bigint not null,
      cost double precision not null,
      unpriced bigint not null,
      primary key (run_id, outcome)
    )`,
  ]
}

function ofJudgments({ columnTypes: { id } }: Engine): RawBuilder<unknown>[] {
  return [
    sql`alter table judgments add column run_id ${id}`,
    sql`alter table judgments add column item_number integer`,
    sql`alter table judgments add column record_id ${id}`,
    sql`alter table judgments add column cost double precision`,
    sql`alter table judgments add column agreement double precision`,
    sql`create unique index judgments_of_run on judgments (run_id, item_number) where run_id is not null`,
    sql`create index judgments_by_outcome on judgments (run_id, outcome, item_number, answer) where run_id is not null`,
    // SQLite looks at run_id even though the index has no other rows, so it is in the index, too.
    sql`create index judgments_of_judge on judgments (judge_id, created_at_ms, id, revision_id, outcome, run_id)
      where run_id is null`,
    sql`create index judgments_by_age on judgments (created_at_ms) where run_id is null`,
  ]
}
