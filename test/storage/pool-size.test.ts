import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/storage/open-database.ts'
import { engines } from '../support/engines.ts'

describe.each(engines.filter(({ name }) => name === 'postgres'))('a pool on $name', (engine) => {
  it.each([
    [3, 3],
    [undefined, 10],
  ])('set to %s holds %i connections at most, and lets the others wait', async (poolSize, most) => {
    const { location, drop } = await engine.createDatabase()
    try {
      await using database = await openDatabase(
        location.engine === 'postgres' && poolSize !== undefined ? { ...location, poolSize } : location,
      )
      const queries = Array.from({ length: 14 }, () => sql`select pg_sleep(0.2)`.execute(database.kysely))
      await sql`select 1`.execute(database.kysely)
      expect(database.poolNow?.().open).toBe(most)
      await Promise.all(queries)
      expect(database.poolNow?.()).toEqual({ open: most, idle: most, waiting: 0 })
    } finally {
      await drop()
    }
  })
})
