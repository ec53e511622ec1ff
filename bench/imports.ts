/**
 * How fast files become datasets, in how much memory, and what others notice of it: an upload and its import with 2,000
 * records and with 200,000, in each format, on a server of its own. Run it with `npm run bench:imports`; give sizes
 * and formats to change them, as in `npm run bench:imports -- 2000 200000 jsonl csv`. Reads /proc, so Linux only.
 */
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { cpuMs, percentile, start, temporaryDir } from './processes.ts'

const numbers = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument))
const sizes = numbers.length > 0 ? numbers.map(Number) : [2000, 200_000]
const names = process.argv.slice(2).filter((argument) => !/^\d+$/.test(argument))
const formats = names.length > 0 ? names : ['jsonl', 'json', 'csv', 'parquet']
const key = 'the-key-of-this-benchmark'

interface Turn {
  readonly question: string
  readonly answer: string
  readonly topic: string
}

function turn(number: number): Turn {
  return {
    question: `Question ${number}: ${'what holds of this, and why? '.repeat(4)}`,
    answer: `Answer ${number}: ${'it follows from what was said before, "as is". '.repeat(6)}`,
    topic: ['tone', 'facts', 'length'][number % 3] ?? '',
  }
}

const asJson = ({ question, answer, topic }: Turn) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    properties: { topic },
  })

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`

function* textOf(format: string, size: number): Generator<string> {
  if (format === 'csv') yield 'question,answer,topic\n'
  if (format === 'json') yield '['
  for (let number = 0; number < size; number++) {
    const { question, answer, topic } = turn(number)
    if (format === 'csv') yield `${cell(question)},${cell(answer)},${cell(topic)}\n`
    else if (format === 'json') yield `${number === 0 ? '' : ',\n'}${asJson(turn(number))}`
    else yield `${asJson(turn(number))}\n`
  }
  if (format === 'json') yield ']'
}

async function write(path: string, format: string, size: number): Promise<void> {
  if (format !== 'parquet')
    return await pipeline(Readable.from(textOf(format, size)), createWriteStream(path))
  const turns = Array.from({ length: size }, (_, number) => turn(number))
  const columnData = (['question', 'answer', 'topic'] as const).map((name) => ({
    name,
    data: turns.map((row) => row[name]),
  }))
  await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 10_000 })))
}

/** The most memory that a process has had so far, in megabytes. */
function peakMegabytes(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

async function measure(format: string, size: number): Promise<Record<string, string | number>> {
  await using folder = await temporaryDir()
  const path = join(folder.path, `data.${format}`)
  await write(path, format, size)
  const config = join(folder.path, 'assize.yaml')
  await writeFile(config, 'log_level: warn\n')
  const env = {
    ASSIZE_DATA_DIR: join(folder.path, 'data'),
    ASSIZE_PORT: '0',
    ASSIZE_API_KEY: key,
    ASSIZE_CONFIG: config,
  }
  await using server = await start(['src/main.ts', 'serve'], env, /Assize listens on \S+/)
  const [, url] = /Assize listens on (\S+)/.exec(server.output()) ?? []
  const call = async (
    method: string,
    place: string,
    body?: string | ReadableStream,
    type = 'application/json',
  ) => {
    const answer = await fetch(`${url}/v1/observability/datasets${place}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': type }) },
      ...(body && { body, duplex: 'half' }),
    } as RequestInit)
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { id: string; status: string; message: string; lines_taken: number }
  }
  const dataset = await call('POST', '', '{"name":"Imported","description":""}')
  const idle = peakMegabytes(server.pid)
  const cpuBefore = cpuMs(server.pid)
  const beganMs = performance.now()
  const body = Readable.toWeb(createReadStream(path)) as ReadableStream
  const upload = `/${dataset.id}/imports/upload?name=data.${format}`
  let task = await call('POST', upload, body, 'application/octet-stream')
  const uploadedMs = performance.now()
  const latencies: number[] = []
  while (task.status === 'RUNNING') {
    const askedMs = performance.now()
    task = await call('GET', `/${dataset.id}/tasks/${task.id}`)
    latencies.push(performance.now() - askedMs)
    await wait(50)
  }
  const endedMs = performance.now()
  if (task.lines_taken !== size) throw new Error(`${task.status}: ${task.message}`)
  latencies.sort((one, other) => one - other)
  return {
    format,
    records: size,
    MB: Math.round((await stat(path)).size / 1e5) / 10,
    'upload s': Math.round(uploadedMs - beganMs) / 1000,
    'import s': Math.round(endedMs - uploadedMs) / 1000,
    'records/s': Math.round((size / (endedMs - uploadedMs)) * 1000),
    'CPU ms a record': Math.round(((cpuMs(server.pid) - cpuBefore) / size) * 1000) / 1000,
    'idle MB': Math.round(idle),
    'peak MB': Math.round(peakMegabytes(server.pid)),
    'a call meanwhile, median ms': Math.round(percentile(latencies, 0.5) * 10) / 10,
    '99% ms': Math.round(percentile(latencies, 0.99) * 10) / 10,
  }
}

for (const format of formats) {
  for (const size of sizes) process.stdout.write(`${JSON.stringify(await measure(format, size))}\n`)
}
