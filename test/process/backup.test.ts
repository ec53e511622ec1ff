import { readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeDataDir, Program, serve } from './running-program.ts'

let dataDir = ''
let elsewhere = ''

beforeEach(async () => {
  dataDir = await makeDataDir()
  elsewhere = dirname(dataDir)
})

async function run(args: readonly string[]): Promise<{ code: number; stderr: string; stdout: string }> {
  const program = new Program(args, { ASSIZE_DATA_DIR: dataDir })
  const code = await program.end()
  return { code, stderr: program.stderr, stdout: program.stdout }
}

/** Puts so much into a database that copying it takes a while; the sum of `filler.number` tells the state. */
function fill(path: string, megabytes: number, number: number): void {
  const database = new DatabaseSync(path, { timeout: 10_000 })
  database.exec('drop table if exists filler; create table filler (number integer, bytes blob) strict')
  const insert = database.prepare('insert into filler values (?, randomblob(1000000))')
  for (let made = 0; made < megabytes; made++) insert.run(number)
  database.close()
}

/** What `fill` wrote; throws where the database is damaged. */
function filledWith(path: string): unknown {
  const database = new DatabaseSync(path, { timeout: 10_000 })
  try {
    expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
    return database
      .prepare('select min(number) as least, max(number) as most, count(*) as rows from filler')
      .get()
  } finally {
    database.close()
  }
}

describe('a backup', () => {
  it('is made while a server writes, is whole, and brings everything back', async () => {
    const { program, url, printedKey } = await serve(dataDir)
    fill(join(dataDir, 'assize.db'), 30, 1)
    const headers = { authorization: `Bearer ${printedKey}`, 'content-type': 'application/json' }
    let isWriting = true
    let wrote = 0
    const writing = (async () => {
      while (isWriting) {
        const body = JSON.stringify({ name: `d${wrote}`, description: 'd' })
        const answer = await fetch(`${url}/v1/observability/datasets`, { method: 'POST', headers, body })
        expect(answer.ok).toBe(true)
        wrote++
      }
    })()
    const file = join(elsewhere, 'copy.db')
    const { code, stderr } = await run(['backup', file])
    isWriting = false
    await writing
    expect(stderr).toContain('checked')
    expect(code).toBe(0)
    expect(wrote).toBeGreaterThan(3)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await run(['restore', file, '--replace'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is in use'),
    })
    expect(await program.end('SIGTERM')).toBe(0)
    expect(await run(['restore', file])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--replace'),
    })
    const restored = await run(['restore', file, '--replace'])
    expect(restored).toMatchObject({ code: 0, stderr: expect.stringContaining('is kept as') })
    const again = await serve(dataDir)
    const judges = await fetch(`${again.url}/v1/observability/judges`, { headers })
    expect(judges.status).toBe(200)
    const aside = (await readdir(dataDir)).filter((name) => name.includes('before-restore'))
    expect(aside).toHaveLength(1)
    expect(filledWith(join(dataDir, String(aside[0])))).toEqual({ least: 1, most: 1, rows: 30 })
  }, 60_000)

  it('leaves nothing half done when it, or the restore, is killed at any moment', async () => {
    const database = join(dataDir, 'assize.db')
    const file = join(elsewhere, 'copy.db')
    expect(await run(['migrate'])).toMatchObject({ code: 0 })
    fill(database, 30, 1)
    const startedAt = performance.now()
    expect(await run(['backup', file])).toMatchObject({ code: 0 })
    const tookMs = performance.now() - startedAt
    fill(database, 30, 2)
    for (let kill = 0; kill < 5; kill++) {
      const other = join(elsewhere, `copy-${kill}.db`)
      const backup = new Program(['backup', other], { ASSIZE_DATA_DIR: dataDir })
      await delay(Math.random() * tookMs)
      await backup.end('SIGKILL')
      const isThere = (await readdir(elsewhere)).includes(`copy-${kill}.db`)
      if (isThere) expect(filledWith(other)).toEqual({ least: 2, most: 2, rows: 30 })
      const restore = new Program(['restore', file, '--replace'], { ASSIZE_DATA_DIR: dataDir })
      await delay(Math.random() * tookMs)
      const code = await restore.end('SIGKILL')
      const found = filledWith(database)
      if (code === 0) expect(found).toEqual({ least: 1, most: 1, rows: 30 })
      else expect([1, 2].map((number) => ({ least: number, most: number, rows: 30 }))).toContainEqual(found)
      fill(database, 30, 2)
      for (const name of await readdir(elsewhere)) {
        if (name.startsWith('copy-')) await rm(join(elsewhere, name))
      }
    }
  }, 120_000)
})

describe('migrations by hand', () => {
  it('are told of, change nothing when checked, and can be what a server waits for', async () => {
    expect(await run(['migrate', '--check'])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Missing: 001-init, /),
    })
    await expect(stat(dataDir)).rejects.toThrow('ENOENT')
    const refused = await run(['serve', '--no-migrate'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('assize migrate') })
    expect(await run(['migrate'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Done: 001-init, /),
    })
    expect(await run(['migrate', '--check'])).toMatchObject({ code: 0 })
    const program = new Program(['serve', '--no-migrate'], { ASSIZE_DATA_DIR: dataDir, ASSIZE_PORT: '0' })
    await program.says(/listens on/)
    await program.end('SIGTERM')
    const database = new DatabaseSync(join(dataDir, 'assize.db'))
    database.exec("insert into kysely_migration values ('999-later', '2030-01-01T00:00:00.000Z')")
    database.close()
    expect(await run(['migrate', '--check'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('999-later'),
    })
    const file = join(elsewhere, 'newer.db')
    expect(await run(['backup', file])).toMatchObject({ code: 0 })
    expect(await run(['restore', file, '--replace'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('newer Assize'),
    })
  }, 60_000)
})
