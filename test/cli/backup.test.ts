import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { engines } from '../support/engines.ts'
import { type Run, runCaptured } from '../support/run-command.ts'

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assize-backup-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

function assize(args: readonly string[], databaseUrl: string, stop?: AbortSignal): Promise<Run> {
  const env = { ASSIZE_DATABASE_URL: databaseUrl }
  return runCaptured((io) => runCommand(args, io), { env, ...(stop && { stop }) })
}

describe('backups of SQLite', () => {
  it('are refused by name where they can do harm or no good', async () => {
    const folder = await makeFolder()
    const url = `sqlite:${join(folder, 'a.db')}`
    const file = join(folder, 'copy.db')
    const refusal = async (args: readonly string[], to = url) => {
      const { code, stderr } = await assize(args, to)
      return { code, stderr }
    }
    const saying = (text: string, code = 1) => ({ code, stderr: expect.stringContaining(text) })
    expect(await refusal(['backup'])).toEqual(saying('expected one FILE', 2))
    expect(await refusal(['backup', file])).toEqual(saying('There is no database'))
    expect(await refusal(['restore', file])).toEqual(saying('There is no file'))
    expect((await assize(['migrate'], url)).code).toBe(0)
    expect(await refusal(['backup', join(folder, 'none', 'copy.db')])).toEqual(saying('There is no folder'))
    expect((await assize(['backup', file], url)).code).toBe(0)
    expect(await refusal(['backup', file])).toEqual(saying('is there already'))
    const text = join(folder, 'notes.txt')
    await writeFile(text, 'not a database, however one looks at it')
    expect(await refusal(['restore', text, '--replace'])).toEqual(saying("holds no database of Assize's"))
    const lone = join(folder, 'b.db')
    await writeFile(`${lone}-wal`, '')
    expect(await refusal(['restore', file], `sqlite:${lone}`)).toEqual(saying('without its database'))
    expect(existsSync(lone)).toBe(false)
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([])
  })

  it('leave nothing behind when they are stopped, and are refused when damaged', async () => {
    const folder = await makeFolder()
    const url = `sqlite:${join(folder, 'a.db')}`
    const file = join(folder, 'copy.db')
    await assize(['migrate'], url)
    expect(await assize(['backup', file], url, AbortSignal.abort())).toMatchObject({ code: 1 })
    expect((await readdir(folder)).filter((name) => name.startsWith('copy'))).toEqual([])
    await assize(['backup', file], url)
    const bytes = await readFile(file)
    bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 40_000)
    await writeFile(file, bytes)
    const { code, stderr } = await assize(['restore', file, '--replace'], url)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/damaged|malformed/) })
    expect(await assize(['migrate', '--check'], url)).toMatchObject({ code: 0 })
  })
})

describe('backups of PostgreSQL', () => {
  it('are commands to run, without the password', async () => {
    const url = 'postgres://me:hunter2@db.example:5433/court?password=hunter2&sslmode=require'
    const backup = await assize(['backup', "/b/it's.dump"], url)
    expect(backup.code).toBe(3)
    expect(backup.stdout).toBe(
      "pg_dump --format=custom --no-owner --no-privileges --file='/b/it'\\''s.dump' 'postgres://me@db.example:5433/court?sslmode=require'\n",
    )
    const restore = await assize(['restore', '/b/a.dump'], url)
    expect(restore).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^pg_restore .* '\/b\/a.dump'\n$/),
    })
    expect(JSON.stringify([backup, restore])).not.toContain('hunter2')
  })

  const postgres = engines.filter(({ name }) => name === 'postgres')
  it.each(postgres)(
    'bring everything back when they are run as printed',
    async (engine) => {
      const [from, to] = [await engine.createDatabase(), await engine.createDatabase()]
      onTestFinished(async () => void (await Promise.all([from.drop(), to.drop()])))
      if (from.location.engine !== 'postgres' || to.location.engine !== 'postgres')
        throw new Error('not here')
      const file = join(await makeFolder(), 'court.dump')
      const made = await assize(['workspaces', 'create', 'kept'], from.location.url)
      expect(made.code).toBe(0)
      const shell = promisify(execFile)
      await shell('sh', ['-c', (await assize(['backup', file], from.location.url)).stdout])
      await shell('sh', ['-c', (await assize(['restore', file], to.location.url)).stdout])
      expect(await assize(['migrate', '--check'], to.location.url)).toMatchObject({ code: 0 })
      const listed = await assize(['workspaces', 'list'], to.location.url)
      expect(listed.stdout).toBe((await assize(['workspaces', 'list'], from.location.url)).stdout)
      expect(listed.stdout).toContain('kept')
    },
    30_000,
  )
})
