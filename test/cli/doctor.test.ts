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
    expect(settings).toContainEqual({ name: 'server.host', value: '127.0.0.1', from: 'default' })
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

  it('tells what set each of all settings, and shows no secret', async () => {
    const dataDir = await makeFolder()
    const file = join(dataDir, 'assize.yaml')
    await writeFile(
      file,
      `
server: { cors_origins: [https://court.example], client_timeout_seconds: 60 }
database_url: postgres://me:zebra-1@127.0.0.1:9/court
providers:
  vllm: { base_url: http://127.0.0.1:9/v1, api_key_env: VLLM_KEY, max_in_flight: 3 }
tools:
  files: { mcp: { command: 'true', env: { TOKEN: zebra-2 } } }
`,
    )
    const { settings, stdout } = await doctor({
      ASSIZE_CONFIG: file,
      ASSIZE_PORT: '0',
      ASSIZE_API_KEY: 'zebra-3-zebra-3-zebra',
      VLLM_KEY: 'zebra-4',
      GEMINI_API_KEY: 'zebra-5',
      GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9',
      OTEL_SERVICE_NAME: 'court',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=zebra-6',
    })
    const found = Object.fromEntries(
      settings.map(({ name, value, from }: Record<string, string>) => [name, [value, from]]),
    )
    expect(found).toMatchObject({
      'server.host': ['127.0.0.1', 'default'],
      'server.port': ['0', 'ASSIZE_PORT'],
      'server.cors_origins': ['["https://court.example"]', file],
      // It is the default, and the file says it.
      'server.client_timeout_seconds': ['60', file],
      'server.max_body_bytes': ['4194304', 'default'],
      'tls.cert_file': ['not set', 'default'],
      database_url: ['postgres://127.0.0.1:9/court', file],
      'judging.deadline_seconds': ['120', 'default'],
      'retention.unused_files_days': ['never', 'default'],
      'local.threads': ['not set', 'default'],
      'providers.vllm.max_in_flight': ['3', file],
      'tools.files.mcp.command': ['set', file],
      'tools.files.mcp.env.TOKEN': ['set', file],
      'tools.files.timeout_seconds': ['30', 'default'],
      'address of vllm': ['http://127.0.0.1:9/v1', file],
      'key of vllm': ['set', 'VLLM_KEY'],
      'address of google': [expect.stringContaining('http://127.0.0.1:9'), 'GOOGLE_GEMINI_BASE_URL'],
      'key of google': ['set', 'GEMINI_API_KEY'],
      'first API key': ['set', 'ASSIZE_API_KEY'],
      OTEL_SERVICE_NAME: ['court', 'OTEL_SERVICE_NAME'],
      OTEL_EXPORTER_OTLP_HEADERS: ['set', 'OTEL_EXPORTER_OTLP_HEADERS'],
    })
    expect(found).not.toHaveProperty(['tools.files.mcp.url'])
    expect(stdout).not.toContain('zebra')
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
