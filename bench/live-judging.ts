/**
 * What Assize adds to a model's time: live judging against a model server without latency, beside the same model
 * called directly, by a bare connection and by the official SDK. Run it with `npm run bench:judging`.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Mistral } from '@mistralai/mistralai'
import { Pool } from 'undici'
import { benchmarkJudge } from './benchmark-judge.ts'
import { cpuMs, percentile, type Running, start, temporaryDir } from './processes.ts'

const callersAtOnce = [1, 16, 64]
/** V8 goes on compiling for thousands of calls, in threads whose time counts too. */
const warmUpCalls = Number(process.argv[2] ?? 6000)
const callsEach = warmUpCalls * 2
const key = 'a-key-for-the-benchmark-only'

const messages = [
  { role: 'user', content: 'Summarize the sales call transcript.' },
  {
    role: 'assistant',
    content: 'The representative offers comprehensive insurance at competitive rates. '.repeat(6),
  },
]

interface Figures {
  readonly callsPerSecond: number
  readonly medianMs: number
  readonly p99Ms: number
  /** Of the process that is measured. */
  readonly cpuMsPerCall: number
}

async function measure(call: () => Promise<unknown>, callers: number, pid: number): Promise<Figures> {
  const calls = callers === 1 ? callsEach / 4 : callsEach
  const latenciesMs: number[] = []
  let left = warmUpCalls
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const startedMs = performance.now()
      await call()
      latenciesMs.push(performance.now() - startedMs)
    }
  }
  await Promise.all(Array.from({ length: callers }, loop))
  latenciesMs.length = 0
  left = calls
  const [startedMs, cpuBeforeMs] = [performance.now(), cpuMs(pid)]
  await Promise.all(Array.from({ length: callers }, loop))
  const tookMs = performance.now() - startedMs
  const cpuMsPerCall = (cpuMs(pid) - cpuBeforeMs) / calls
  latenciesMs.sort((one, other) => one - other)
  return {
    callsPerSecond: (calls / tookMs) * 1000,
    medianMs: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    cpuMsPerCall,
  }
}

async function post(pool: Pool, path: string, body: unknown): Promise<unknown> {
  const answer = await pool.request({
    path,
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const reply = await answer.body.json()
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode}: ${JSON.stringify(reply)}`)
  return reply
}

const schema = {
  type: 'object',
  properties: { analysis: { type: 'string' }, answer: { type: 'string', enum: ['yes', 'no'] } },
  required: ['analysis', 'answer'],
  additionalProperties: false,
}

async function startAssize(dataDir: string, providerUrl: string, areStored: boolean): Promise<Running> {
  const config = join(dataDir, 'config.yaml')
  await writeFile(config, `log_level: warn\njudgments:\n  store: ${areStored}\n`)
  return start(
    ['src/start.js', 'serve'],
    {
      ASSIZE_DATA_DIR: dataDir,
      ASSIZE_PORT: '0',
      ASSIZE_CONFIG: config,
      ASSIZE_API_KEY: key,
      OPENAI_BASE_URL: providerUrl,
    },
    /listens on/,
  )
}

async function judgeCall(assize: Running): Promise<{ call: () => Promise<unknown>; pool: Pool }> {
  const origin = /http:\/\/[^\s]+/.exec(assize.output())?.[0] ?? ''
  const pool = new Pool(origin, { connections: 64 })
  const judge = (await post(pool, '/v1/observability/judges', benchmarkJudge)) as { id: string }
  return { pool, call: () => post(pool, `/v1/observability/judges/${judge.id}/live-judging`, { messages }) }
}

async function run(): Promise<void> {
  await using provider = await start(['bench/provider.ts'], {}, /http/)
  const providerUrl = provider.output().trim()
  await using bareServer = await start(
    ['bench/bare-server.ts'],
    { PROVIDER_URL: providerUrl, KEY: key },
    /http/,
  )
  await using dir = await temporaryDir()
  await using other = await temporaryDir()
  await using storing = await startAssize(dir.path, providerUrl, true)
  await using keeping = await startAssize(other.path, providerUrl, false)
  const stored = await judgeCall(storing)
  const notStored = await judgeCall(keeping)
  const barePool = new Pool(bareServer.output().trim(), { connections: 64 })
  const bare = new Pool(new URL(providerUrl).origin, { connections: 64 })
  const sdk = new Mistral({ serverURL: providerUrl.replace('/v1', ''), apiKey: key })
  const direct = {
    model: 'judge-small',
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'judgment', schema } },
  }
  const ways: readonly {
    readonly name: string
    readonly call: () => Promise<unknown>
    readonly pid: number
  }[] = [
    { name: 'Assize, judgments stored', call: stored.call, pid: storing.pid },
    { name: 'Assize, judgments not stored', call: notStored.call, pid: keeping.pid },
    { name: 'a bare endpoint', call: () => post(barePool, '/judge', { messages }), pid: bareServer.pid },
    { name: 'directly, official SDK', call: () => sdk.chat.complete(sdkRequest), pid: process.pid },
    {
      name: 'directly, bare connection',
      call: () => post(bare, '/v1/chat/completions', direct),
      pid: process.pid,
    },
  ]
  process.stdout.write(
    '| callers | way | judgments/s | p50 ms | p99 ms | CPU ms a judgment |\n| --- | --- | --- | --- | --- | --- |\n',
  )
  for (const callers of callersAtOnce) {
    for (const { name, call, pid } of ways) {
      const figures = await measure(call, callers, pid)
      const row = [
        callers,
        name,
        Math.round(figures.callsPerSecond),
        figures.medianMs.toFixed(2),
        figures.p99Ms.toFixed(2),
        figures.cpuMsPerCall.toFixed(3),
      ]
      process.stdout.write(`| ${row.join(' | ')} |\n`)
    }
  }
  await Promise.all([stored.pool.close(), notStored.pool.close(), barePool.close(), bare.close()])
}

const sdkRequest = {
  model: 'judge-small',
  messages: messages as [{ role: 'user'; content: string }, { role: 'assistant'; content: string }],
  responseFormat: {
    type: 'json_schema' as const,
    jsonSchema: { name: 'judgment', schemaDefinition: schema },
  },
}

await run()
