import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Role } from '../../src/access/role.ts'
import { type Assize, createAssize, type Overrides } from '../../src/assize.ts'
import { type Config, type DatabaseLocation, loadConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import type { TestEngine } from './engines.ts'
import { ScriptedModel, servedModels } from './scripted-model.ts'

export interface TestAssize {
  readonly assize: Assize
  readonly config: Config
  readonly model: ScriptedModel
  /** The first key, an admin's. */
  readonly key: string
  readonly logLines: string[]
  /** Moves the clock. */
  advance(ms: number): void
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  keyOf(role: Role, workspaceName?: string): Promise<string>
}

interface CallOptions {
  /** False sends none. */
  readonly key?: string | false
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
  readonly body: any
  readonly raw: Uint8Array
}

interface Choices {
  /** Where to make a new database, dropped after the test; a SQLite file in the data folder without. */
  readonly engine?: TestEngine
  readonly database?: DatabaseLocation
  readonly config?: Partial<Config>
  /** Judges ask the providers of the configuration, not a scripted model. */
  readonly asksProviders?: boolean
  /** Instead of those of the configuration. */
  readonly tools?: Overrides['tools']
}

/** The real graph on a data folder of its own, with a scripted model and a clock that stands still; gone after the test. */
export async function startTestAssize(choices: Choices = {}): Promise<TestAssize> {
  const dataDir = await mkdtemp(join(tmpdir(), 'assize-test-'))
  const made = await choices.engine?.createDatabase()
  const database = choices.database ?? made?.location
  const config: Config = {
    ...loadConfig({ ASSIZE_DATA_DIR: dataDir }, dataDir),
    ...(database && { database }),
    ...choices.config,
  }
  const model = new ScriptedModel()
  const logLines: string[] = []
  const log = createLog(
    'trace',
    new Writable({
      write(line, _encoding, done) {
        logLines.push(String(line))
        done()
      },
    }),
  )
  let nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)
  const assize = await createAssize(config, {
    ...(choices.asksProviders ? {} : { models: servedModels(model) }),
    ...(choices.tools && { tools: choices.tools }),
    log,
    now: () => new Date(nowMs),
  })
  onTestFinished(async () => {
    await assize[Symbol.asyncDispose]()
    await made?.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const founded = await assize.keys.found(undefined, async () => {})
  if (founded === undefined) throw new Error('The database of this test was not empty.')
  return {
    assize,
    config,
    model,
    key: founded.key,
    logLines,
    advance: (ms) => {
      nowMs += ms
    },
    call: async (method, path, { key = founded.key, body, headers = {} } = {}) => {
      const answer = await assize.server.inject({
        method: method as 'GET',
        url: path,
        headers: {
          ...(key === false ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: isWritten(body) ? body : JSON.stringify(body) }),
      })
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body === '' ? undefined : parsed(answer.body),
        raw: answer.rawPayload,
      }
    },
    keyOf: async (role, workspaceName = 'default') => {
      await assize.keys.createWorkspace(workspaceName)
      const request = { name: role, role, workspaceName, ownerName: 'tester', expiresAt: null }
      return (await assize.keys.create(request)).key
    },
  }
}

function isWritten(body: unknown): body is string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

export const approval = {
  name: 'Approval',
  description: 'Whether it is fine.',
  model_name: 'scripted',
  output: {
    type: 'CLASSIFICATION',
    options: [
      { value: 'approved', description: 'It is fine.' },
      { value: 'rejected', description: 'It is not.' },
    ],
  },
  instructions: 'Is it fine?',
  tools: [],
}

export const path = '/v1/observability/judges'
