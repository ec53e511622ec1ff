import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ConfigError, type DatabaseLocation } from '../../src/config.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { migrationsFor } from '../../src/storage/migrations/index.ts'
import { type Database, openDatabase } from '../../src/storage/open-database.ts'
import { engines, type TestEngine } from '../support/engines.ts'

async function createDatabase(engine: TestEngine): Promise<DatabaseLocation> {
  const { location, drop } = await engine.createDatabase()
  onTestFinished(drop)
  return location
}

const nextMigration = {
  '999-next': {
    up: (kysely: Kysely<unknown>) => sql`create table later (id integer)`.execute(kysely).then(() => {}),
  },
}

async function executed({ kysely }: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    kysely,
  )
  return rows.map(({ name }) => name)
}

for (const engine of engines) {
  describe(`migrations on ${engine.name}`, () => {
    test('make an empty database usable, and leave it alone afterwards', async () => {
      const location = await createDatabase(engine)
      for (let opened = 0; opened < 2; opened++) {
        await using database = await openDatabase(location)
        await database.ping()
        expect(await executed(database)).toEqual(Object.keys(migrationsFor(database.engine)))
      }
    })

    test('bring an older database up to date, and keep what is in it', async () => {
      await using database = await openDatabase(await createDatabase(engine))
      const workspace = { id: '0198c0de-0000-7000-8000-000000000001', name: 'kept', created_at_ms: 1 }
      await database.kysely.insertInto('workspaces').values(workspace).execute()
      await migrate(database.kysely, database.engine, { ...migrationsFor(database.engine), ...nextMigration })
      await sql`select * from later`.execute(database.kysely)
      expect(await executed(database)).toContain('999-next')
      expect(await database.kysely.selectFrom('workspaces').selectAll().execute()).toEqual([workspace])
    })

    test('refuse a database of a newer program, by the name of what is unknown', async () => {
      const location = await createDatabase(engine)
      {
        await using database = await openDatabase(location)
        await migrate(database.kysely, database.engine, {
          ...migrationsFor(database.engine),
          ...nextMigration,
        })
      }
      const refused = openDatabase(location)
      await expect(refused).rejects.toThrow(ConfigError)
      await expect(refused).rejects.toThrow(
        'The database was written by a newer Assize (migration 999-next). Upgrade this program, or use another database.',
      )
    })

    test('leave nothing behind when one fails', async () => {
      await using database = await openDatabase(await createDatabase(engine))
      const failing = {
        ...migrationsFor(database.engine),
        ...nextMigration,
        '998-fails': { up: () => Promise.reject(new Error('cannot')) },
      }
      await expect(migrate(database.kysely, database.engine, failing)).rejects.toThrow('cannot')
      await expect(sql`select * from later`.execute(database.kysely)).rejects.toThrow('later')
      expect(await executed(database)).not.toContain('999-next')
    })
  })
}

for (const engine of engines.filter(({ name }) => name === 'postgres')) {
  describe('migrations on postgres, as a user who may do little', () => {
    test('say so when the extension for search may not be created', async () => {
      const location = await createDatabase(engine)
      if (location.engine !== 'postgres') return
      const role = `assize_test_${process.pid}`
      const url = new URL(location.url)
      url.username = role
      {
        const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: location.url }) })
        await using administrator = new Kysely<unknown>({ dialect })
        await sql`create role ${sql.ref(role)} login`.execute(administrator)
        await sql`grant all on schema public to ${sql.ref(role)}`.execute(administrator)
        onTestFinished(async () => {
          await using again = new Kysely<unknown>({
            dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: location.url }) }),
          })
          await sql`drop owned by ${sql.ref(role)} cascade`.execute(again)
          await sql`drop role ${sql.ref(role)}`.execute(again)
        })
      }
      const refused = openDatabase({ engine: 'postgres', url: url.href })
      await expect(refused).rejects.toThrow(ConfigError)
      await expect(refused).rejects.toThrow('create extension pg_trgm')
    })
  })
}
