import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { ConfigError } from '../../config.ts'
import type { Engine } from '../engines.ts'

/** Workspaces, owners, keys, judges with their revisions, and judgments. */
export function init(engine: Engine): Migration {
  return {
    up: async (database) => {
      for (const statement of [...accessTables(engine), ...judgeTables(engine), ...judgmentTables(engine)]) {
        await statement.execute(database)
      }
      await (engine.name === 'sqlite' ? indexTrigramsOfSqlite(database) : indexTrigramsOfPostgres(database))
    },
  }
}

function accessTables({ columnTypes: { id } }: Engine): RawBuilder<unknown>[] {
  return [
    sql`create table workspaces (
      id ${id} primary key,
      name text not null unique,
      created_at_ms bigint not null
    )`,
    sql`create table owners (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      name text not null,
      created_at_ms bigint not null,
      unique (workspace_id, name)
    )`,
    sql`create table keys (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      owner_id ${id} not null references owners (id),
      name text not null,
      role text not null,
      hash text not null unique,
      hint text not null,
      created_at_ms bigint not null,
      expires_at_ms bigint,
      revoked_at_ms bigint,
      last_used_at_ms bigint
    )`,
    sql`create index keys_newest on keys (workspace_id, created_at_ms, id)`,
  ]
}

function judgeTables({ name, columnTypes: { id, sequence } }: Engine): RawBuilder<unknown>[] {
  // A judge and its first revision refer to each other, so one of the references is checked at the commit. Were
  // it the other one, SQLite would look through all judges, which have no index of revisions, at each insert.
  const toJudge = sql`references judges (id) deferrable initially deferred`
  // SQLite can't add a reference to a table that exists, and PostgreSQL can't refer to one that doesn't.
  const isSqlite = name === 'sqlite'
  const early = isSqlite ? toJudge : sql``
  const late = isSqlite ? [] : [sql`alter table judge_revisions add foreign key (judge_id) ${toJudge}`]
  return [
    sql`create table judge_revisions (
      id ${id} primary key,
      judge_id ${id} not null ${early},
      number integer not null,
      owner_id ${id} not null references owners (id),
      name text not null,
      description text not null,
      model_name text not null,
      output text not null,
      instructions text not null,
      tools text not null,
      created_at_ms bigint not null,
      unique (judge_id, number)
    )`,
    sql`create table judges (
      seq ${sequence},
      id ${id} not null unique,
      workspace_id ${id} not null references workspaces (id),
      owner_id ${id} not null references owners (id),
      base_revision_id ${id} not null references judge_revisions (id),
      latest_revision_id ${id} not null references judge_revisions (id),
      name text not null,
      model_name text not null,
      output_type text not null,
      search_text text not null,
      created_at_ms bigint not null,
      updated_at_ms bigint not null,
      deleted_at_ms bigint
    )`,
    ...late,
    sql`create table judge_counts (
      workspace_id ${id} not null references workspaces (id),
      output_type text not null,
      model_name text not null,
      count bigint not null,
      primary key (workspace_id, output_type, model_name)
    )`,
    ...judgeIndexes(),
  ]
}

/** Each order in which a list is read, with what it is narrowed by in front. */
function judgeIndexes(): RawBuilder<unknown>[] {
  const living = sql`where deleted_at_ms is null`
  return [
    sql`create unique index judges_living_name on judges (workspace_id, name) ${living}`,
    sql`create index judges_newest on judges (workspace_id, created_at_ms, id) ${living}`,
    sql`create index judges_newest_of_type on judges (workspace_id, output_type, created_at_ms, id) ${living}`,
    sql`create index judges_newest_of_model
      on judges (workspace_id, model_name, output_type, created_at_ms, id) ${living}`,
  ]
}

function judgmentTables({ columnTypes: { id } }: Engine): RawBuilder<unknown>[] {
  return [
    sql`create table judgments (
      id ${id} primary key,
      workspace_id ${id} not null references workspaces (id),
      judge_id ${id} not null references judges (id),
      revision_id ${id} not null references judge_revisions (id),
      outcome text not null,
      answer text,
      analysis text,
      reason text,
      conversation text,
      provider text not null,
      model_name text not null,
      enforcement text,
      attempts integer not null,
      latency_ms double precision not null,
      input_tokens bigint not null,
      output_tokens bigint not null,
      created_at_ms bigint not null
    )`,
  ]
}

/** The index keeps no text of its own: it reads the judges', and must be told the old text of what changes. */
async function indexTrigramsOfSqlite(database: Kysely<unknown>): Promise<void> {
  const forget = sql`insert into judges_search (judges_search, rowid, search_text)
    values ('delete', old.seq, old.search_text);`
  const learn = sql`insert into judges_search (rowid, search_text) values (new.seq, new.search_text);`
  const statements = [
    sql`create virtual table judges_search using fts5(
      search_text, content = 'judges', content_rowid = 'seq',
      tokenize = 'trigram case_sensitive 1', columnsize = 0
    )`,
    sql`create trigger judges_search_insert after insert on judges begin ${learn} end`,
    sql`create trigger judges_search_update after update of search_text on judges
      when old.search_text is not new.search_text begin ${forget} ${learn} end`,
    sql`create trigger judges_search_delete after delete on judges begin ${forget} end`,
  ]
  for (const statement of statements) await statement.execute(database)
}

async function indexTrigramsOfPostgres(database: Kysely<unknown>): Promise<void> {
  try {
    await sql`create extension if not exists pg_trgm`.execute(database)
  } catch (error) {
    throw new ConfigError(
      `The database needs PostgreSQL's extension pg_trgm, which this user can't create. Let an administrator run "create extension pg_trgm" in this database, from the package of PostgreSQL's contributed modules.`,
      { cause: error },
    )
  }
  // Without `fastupdate = off`, new entries would wait in a list that every search reads from end to end.
  await sql`create index judges_search on judges using gin (search_text gin_trgm_ops)
    with (fastupdate = off) where deleted_at_ms is null`.execute(database)
}
