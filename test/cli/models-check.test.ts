import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { type Assize, createAssize } from '../../src/assize.ts'
import { type Io, runCommand } from '../../src/cli/commands.ts'
import { loadConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderRequest } from '../support/provider-server.ts'
import { type Run, runCaptured } from '../support/run-command.ts'
import { approval } from '../support/test-assize.ts'
import { startTestServer } from '../support/test-provider.ts'

const silent = new Writable({ write: (_chunk, _encoding, done) => done() })

/** One data directory, and a provider that refuses schemas until it is told to take them. */
async function openWorld() {
  const dataDir = await mkdtemp(join(tmpdir(), 'assize-lessons-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const provider = await startTestServer()
  let takesSchemas = false
  const answer = ({ body }: ProviderRequest) => {
    const isSchema = body.response_format?.type === 'json_schema'
    return isSchema && !takesSchemas ? recordedAnswer('openai', 'json schema refused') : {}
  }
  provider.script(...Array.from({ length: 100 }, () => answer))
  const env = {
    ASSIZE_DATA_DIR: dataDir,
    OPENAI_BASE_URL: provider.baseUrl,
    ASSIZE_API_KEY: 'a-key-that-only-this-test-knows-0123456789',
  }
  return {
    env,
    provider,
    upgrade: () => {
      takesSchemas = true
    },
    start: () => createAssize(loadConfig(env, dataDir), { log: createLog('silent', silent) }),
  }
}

async function call(assize: Assize, key: string, method: 'GET' | 'POST', url: string, payload?: object) {
  const headers = { authorization: `Bearer ${key}` }
  const answer = await assize.server.inject({ method, url, headers, ...(payload && { payload }) })
  return answer.json()
}

async function knownOf(assize: Assize, key: string): Promise<unknown> {
  const { data } = await call(assize, key, 'GET', '/v1/models')
  return data.find(({ id }: { id: string }) => id === 'openai/judge-small')?.judging
}

function check(env: Io['env'], workingDir: string): Promise<Run> {
  return runCaptured((io) => runCommand(['models', 'check', 'openai/judge-small'], io), { env, workingDir })
}

it('keeps what is learnt of a model over a restart, until it is checked', async () => {
  const { env, provider, start, upgrade } = await openWorld()
  let key = ''
  let judgeId = ''
  {
    await using assize = await start()
    const founded = await assize.keys.found(undefined, async () => {})
    key = founded?.key ?? ''
    const judge = { ...approval, model_name: 'openai/judge-small' }
    judgeId = (await call(assize, key, 'POST', '/v1/observability/judges', judge)).id
    expect(await knownOf(assize, key)).toBeUndefined()
    await call(assize, key, 'POST', `/v1/observability/judges/${judgeId}/live-judging`, {
      messages: [{ role: 'assistant', content: 'Yes.' }],
    })
    expect(provider.requests).toHaveLength(2)
    expect(await knownOf(assize, key)).toEqual({ enforcement: 'tool_call', left_out: ['probabilities'] })
  }
  {
    await using assize = await start()
    await call(assize, key, 'POST', `/v1/observability/judges/${judgeId}/live-judging`, {
      messages: [{ role: 'assistant', content: 'Yes.' }],
    })
    expect(provider.requests).toHaveLength(3)
    expect(await knownOf(assize, key)).toEqual({ enforcement: 'tool_call', left_out: ['probabilities'] })
  }
  upgrade()
  const { code, stdout } = await check(env, env.ASSIZE_DATA_DIR)
  expect(stdout).toMatch(/^json_schema +works$/m)
  expect(stdout).toMatch(/^works +CLASSIFICATION .* by json_schema /m)
  expect(code).toBe(0)
  await using assize = await start()
  await call(assize, key, 'GET', '/v1/models')
  expect(await knownOf(assize, key)).toEqual({ enforcement: 'json_schema', left_out: [] })
})

it('checks a model where there is no database, and makes none', async () => {
  const { env, upgrade } = await openWorld()
  upgrade()
  const { code } = await check({ ...env, ASSIZE_DATA_DIR: join(env.ASSIZE_DATA_DIR, 'none') }, '/')
  expect(code).toBe(0)
  expect(existsSync(join(env.ASSIZE_DATA_DIR, 'none'))).toBe(false)
})
