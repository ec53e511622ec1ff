import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Pool } from 'undici'
import { benchmarkJudge } from './benchmark-judge.ts'
import { start } from './processes.ts'

/** Assize, serving for a benchmark on a data folder. */
export interface BenchServer extends AsyncDisposable {
  readonly pid: number
  readonly url: string
  /** Of the administrator, as one signs in to the page with. */
  readonly key: string
  /** Throws unless the answer is a success. */
  // biome-ignore lint/suspicious/noExplicitAny: benchmarks read what they expect to be there
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<any>
  /** Of so many records of some 500 bytes; gives its id. */
  addDataset(records: number): Promise<string>
  addJudge(): Promise<string>
  /** Of an answer, which is read and not held. */
  countLines(path: string): Promise<number>
}

const key = 'a-key-for-the-benchmark-only'
const response = 'The representative offers comprehensive insurance at competitive rates. '.repeat(6)

/**
 * @param providerUrl a server that speaks chat-completions
 * @param databaseUrl a file in the folder unless given
 */
export async function startBenchServer(
  dataDir: string,
  providerUrl: string,
  databaseUrl?: string,
): Promise<BenchServer> {
  await mkdir(dataDir, { recursive: true })
  const config = join(dataDir, 'config.yaml')
  await writeFile(config, 'log_level: warn\n')
  const program = await start(
    [...(process.env.BENCH_NODE_ARGS?.split(' ') ?? []), 'src/main.ts', 'serve'],
    {
      ASSIZE_CONFIG: config,
      ASSIZE_DATA_DIR: dataDir,
      ASSIZE_PORT: '0',
      ASSIZE_API_KEY: key,
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: providerUrl,
      ...(databaseUrl !== undefined && { ASSIZE_DATABASE_URL: databaseUrl }),
    },
    /listens on/,
  )
  const url = /http:\/\/[^\s]+/.exec(program.output())?.[0] ?? ''
  const pool = new Pool(url, { connections: 4 })

  async function send(method: 'GET' | 'POST' | 'DELETE', path: string, type: string, body?: string) {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': type }),
    }
    const answer = await pool.request({ method, path, headers, body: body ?? null })
    const text = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  const call: BenchServer['call'] = (method, path, body) =>
    send(method, path, 'application/json', body === undefined ? undefined : JSON.stringify(body))

  return {
    pid: program.pid,
    url,
    key,
    call,
    async addDataset(records) {
      const dataset = await call('POST', '/v1/observability/datasets', { name: 'Benchmark', description: '' })
      const imports = `/v1/observability/datasets/${dataset.id}/imports/upload`
      for (let from = 0; from < records; from += 20_000) {
        const lines = linesOf(from, Math.min(records, from + 20_000))
        const form = `--b\r\ncontent-disposition: form-data; name="file"; filename="data.jsonl"\r\n\r\n${lines}\r\n--b--\r\n`
        await send('POST', imports, 'multipart/form-data; boundary=b', form)
      }
      for (;;) {
        const listed = await call('GET', `/v1/observability/datasets/${dataset.id}/records?page_size=1`)
        if (listed.records.count >= records) return dataset.id
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    },
    async countLines(path) {
      const answer = await pool.request({ method: 'GET', path, headers: { authorization: `Bearer ${key}` } })
      let lines = 0
      for await (const chunk of answer.body) {
        for (const byte of chunk as Buffer) if (byte === 10) lines += 1
      }
      return lines
    },
    async addJudge() {
      return (await call('POST', '/v1/observability/judges', benchmarkJudge)).id
    },
    async [Symbol.asyncDispose]() {
      await pool.close()
      await program[Symbol.asyncDispose]()
    },
  }
}

function linesOf(from: number, to: number): string {
  const line = (number: number): string =>
    `${JSON.stringify({
      messages: [
        { role: 'user', content: `Summarize sales call ${number}.` },
        { role: 'assistant', content: response },
      ],
    })}\n`
  return Array.from({ length: to - from }, (_, index) => line(from + index)).join('')
}
