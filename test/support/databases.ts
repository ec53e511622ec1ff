import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { DatabaseLocation } from '../../src/config.ts'

interface TestDatabase {
  readonly location: DatabaseLocation
  drop(): Promise<void>
}

/** An engine that tests run on, as `for (const engine of engines) describe(engine.name, ...)`. */
export interface TestEngine {
  readonly name: DatabaseLocation['engine']
  /** A new, empty database. */
  createDatabase(): Promise<TestDatabase>
}

/** Where a superuser may create databases: `postgres://postgres@127.0.0.1:5433/postgres`. */
const postgresUrl = process.env.TEST_POSTGRES_URL

const sqlite: TestEngine = {
  name: 'sqlite',
  createDatabase: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assize-test-'))
    return {
      location: { engine: 'sqlite', path: join(folder, 'data', 'assize.db') },
      drop: () => rm(folder, { recursive: true, force: true }),
    }
  },
}

function postgresAt(serverUrl: string): TestEngine {
  return {
    name: 'postgres',
    createDatabase: async () => {
      const name = `assize_test_${randomUUID().replaceAll('-', '')}`
      await administer(serverUrl, `create database ${name}`)
      const url = new URL(serverUrl)
      url.pathname = `/${name}`
      return {
        location: { engine: 'postgres', url: url.href },
        drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`),
      }
    },
  }
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Every engine that can be tested here. */
export const engines: readonly TestEngine[] = postgresUrl ? [sqlite, postgresAt(postgresUrl)] : [sqlite]
