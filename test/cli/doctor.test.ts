import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { engines } from '../support/engines.ts'
import { runCaptured } from '../support/run-command.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

async function doctor(env: Record<string, string>) {
  const { code, stdout } = await runCaptured((io) => runCommand(['doctor', '--json'], io), { env })
  const { settings, checks } = JSON.parse(stdout)
  const find = (name: string) => checks.find((check: { name: string }) => check.name === name)
  return { code, settings, find, stdout }
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assize-doctor-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Answers every request alike. */
async function answering(status: number, body: object): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('assize doctor', () => {
  it('finds nothing wrong before the first start, and makes nothing', async () => {
    const dataDir = join(await makeFolder(), 'data')
    const { code, find, settings } = await doctor({ ASSIZE_DATA_DIR: dataDir, ASSIZE_PORT: '0' })
    expect(find('data folder')).toMatchObject({ state: 'ok' })
    expect(find('database')).toMatchObject({ state: 'ok', said: 'is made at the first start' })
    expect(settings).toContainEqual({ name: 'data_dir', value: dataDir, from: 'ASSIZE_DATA_DIR' })
    expect(settings).toContainEqual({ name: 'host', value: '127.0.0.1', from: 'default' })
    expect(code).toBe(0)
    expect(existsSync(dataDir)).toBe(false)
  })

  it('tells keys that are refused from those that are taken, and never shows them', async () => {
    const dataDir = await makeFolder()
    const refusing = await answering(401, { message: 'no such key sk-secret-1234567' })
    const taking = await answering(200, {
      object: 'list',
      data: [{ id: 'm', object: 'model', owned_by: 'x' }],
    })
    const { code, find, stdout } = await doctor({
      ASSIZE_DATA_DIR: dataDir,
      ASSIZE_PORT: new URL(taking).port,
      MISTRAL_API_KEY: 'sk-secret-1234567',
      MISTRAL_BASE_URL: refusing,
      OPENAI_API_KEY: 'sk-secret-7654321',
      OPENAI_BASE_URL: taking,
    })
    expect(find('provider mistral')).toMatchObject({ state: 'fail' })
    expect(find('provider openai')).toMatchObject({ state: 'ok', said: expect.stringContaining('1 models') })
    expect(find('port')).toMatchObject({ state: 'fail', said: expect.stringContaining('another program') })
    expect(stdout).not.toContain('sk-secret')
    expect(code).toBe(1)
  })

  it('names settings that can not be used', async () => {
    const file = join(await makeFolder(), 'assize.yaml')
    await writeFile(file, 'server: {prot: 1}')
    const { code, find } = await doctor({ ASSIZE_CONFIG: file })
    expect(find('configuration')).toMatchObject({ state: 'fail', said: expect.stringContaining('prot') })
    expect(code).toBe(1)
  })

  it.each(engines)('finds judges whose model nobody serves on $name', async (engine) => {
    const { location, drop } = await engine.createDatabase()
    onTestFinished(drop)
    const dataDir = await makeFolder()
    const databaseUrl = location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url
    const env = { ASSIZE_DATA_DIR: dataDir, ASSIZE_DATABASE_URL: databaseUrl, ASSIZE_PORT: '0' }
    const { call } = await startTestAssize({ database: location })
    expect((await call('POST', path, { body: approval })).status).toBe(201)
    const { code, find } = await doctor(env)
    expect(find('database')).toMatchObject({
      state: 'ok',
      said: expect.stringMatching(/^(SQLite|PostgreSQL 1\d.*connections used)/),
    })
    expect(find('judges')).toMatchObject({ state: 'warn', said: expect.stringContaining('nobody serves') })
    expect(code).toBe(0)
  })
})
