/**
 * Judgments by a model in the process, beside the same GGUF file behind llama-cpp-python's server: the same
 * prompts, the same limit of the analysis, the same number of threads. Run it on data of your own:
 * `npm run bench:local -- --model FILE.gguf --python PYTHON FILE.jsonl ...`, where each line has messages and properties.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createJudgeMaterial } from '../src/assize-judging.ts'
import { createModels } from '../src/assize-models.ts'
import { loadConfig } from '../src/config.ts'
import type { Definition, Output } from '../src/judges/definition.ts'
import { readAnswer } from '../src/judging/answer.ts'
import { readConversation } from '../src/judging/conversation.ts'
import type { Material } from '../src/judging/judging.ts'
import { buildPrompt } from '../src/judging/prompt.ts'
import { createLog } from '../src/log.ts'

import { type Running, startProgram, temporaryDir } from './processes.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    judgments: { type: 'string', default: '200' },
    'analysis-tokens': { type: 'string', default: '48' },
    threads: { type: 'string', default: '2' },
    parallel: { type: 'string', default: '4' },
  },
})
if (values.model === undefined || positionals.length === 0) {
  throw new Error('expected --model FILE.gguf and at least one file of conversations')
}
const modelPath = resolve(values.model)
const analysisTokens = Number(values['analysis-tokens'])
const [threads, parallel] = [Number(values.threads), Number(values.parallel)]
const contextTokens = 4096
const never = new AbortController().signal

const output: Output = {
  type: 'CLASSIFICATION',
  options: [
    { value: 'right', description: 'The response does what was asked, and all it says is supported.' },
    { value: 'wrong', description: 'It does not, or it says something that is not supported.' },
  ],
}
const definition: Definition = {
  name: 'Benchmark',
  description: '',
  modelName: 'local/benchmark',
  instructions:
    'Decide whether the response of the assistant is right.\n\n{{ answer_type_definition }}\n\nThe source, if there is one:\n{{ properties.source_document }}\n\nThe user said:\n{{ user_message }}\n\nThe response:\n{{ assistant_message }}',
  output,
  tools: [],
}

interface Figures {
  readonly seconds: number
  readonly answered: number
  readonly invalid: number
  readonly promptTokens: number
  readonly evaluatedTokens: number
  readonly generatedTokens: number
  readonly memoryMiB: number
}

/** The first of each file in turn, so that each has its share. */
function readMaterials(limit: number): readonly Material[] {
  const files = positionals.map((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): Material => {
        const { messages, properties } = JSON.parse(line)
        return { messages, properties }
      }),
  )
  const most = Math.max(...files.map((file) => file.length))
  const mixed = Array.from({ length: most }, (_, at) => files.map((file) => file[at])).flat()
  return mixed.filter((material) => material !== undefined).slice(0, limit)
}

async function inParallel<T>(
  items: readonly T[],
  callers: number,
  work: (item: T) => Promise<void>,
): Promise<number> {
  const startedMs = performance.now()
  const left = items.values()
  const loop = async (): Promise<void> => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: callers }, loop))
  return (performance.now() - startedMs) / 1000
}

/** The most memory that a process has had, of /proc, so Linux only. */
function peakMiB(pid: number): number {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(peak?.[1]) / 1024)
}

async function measureAssize(materials: readonly Material[]): Promise<Figures> {
  await using dir = await temporaryDir()
  await mkdir(join(dir.path, 'models'))
  await symlink(modelPath, join(dir.path, 'models', 'benchmark.gguf'))
  const local = {
    context_tokens: contextTokens,
    max_analysis_tokens: analysisTokens,
    parallel_judgments: parallel,
    threads,
  }
  await writeFile(
    join(dir.path, 'assize.yaml'),
    JSON.stringify({ local, judging: { deadline_seconds: 3600 } }),
  )
  const environment = { ASSIZE_DATA_DIR: dir.path, ASSIZE_CONFIG: join(dir.path, 'assize.yaml') }
  const config = loadConfig(environment, dir.path)
  const tokens = { prompt: 0, reused: 0, generated: 0 }
  const log = createLog('debug', {
    write(line: string) {
      const { inputTokens = 0, outputTokens = 0, reusedTokens = 0 } = JSON.parse(line)
      tokens.prompt += inputTokens
      tokens.generated += outputTokens
      tokens.reused += reusedTokens
    },
  })
  await using models = createModels(config, log)
  const judge = createJudgeMaterial(config, models)
  for (const material of materials.slice(0, 2)) await judge(definition, material, never)
  Object.assign(tokens, { prompt: 0, reused: 0, generated: 0 })
  let answered = 0
  const seconds = await inParallel(materials, parallel, async (material) => {
    const judgment = await judge(definition, material, never)
    if (judgment.outcome === 'answered') answered += 1
  })
  return {
    seconds,
    answered,
    invalid: materials.length - answered,
    promptTokens: tokens.prompt,
    evaluatedTokens: tokens.prompt - tokens.reused,
    generatedTokens: tokens.generated,
    memoryMiB: peakMiB(process.pid),
  }
}

const replySchema = z.object({
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })),
})

/** Characters that a token of English takes, about; the server can limit characters only. */
const charactersPerToken = 4.5

function startServer(port: number): Promise<Running> {
  const settings = {
    model: modelPath,
    host: '127.0.0.1',
    port,
    n_ctx: contextTokens,
    n_batch: 512,
    n_threads: threads,
    n_threads_batch: threads,
    interrupt_requests: false,
    verbose: true,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  return startProgram(values.python, ['-m', 'llama_cpp.server', ...args], /Uvicorn running/)
}

async function measureServer(materials: readonly Material[]): Promise<Figures> {
  const port = 20_000 + (process.pid % 20_000)
  await using server = await startServer(port)
  const options = output.type === 'CLASSIFICATION' ? output.options.map((option) => option.value) : []
  const schema = {
    type: 'object',
    properties: {
      analysis: { type: 'string', maxLength: Math.round(analysisTokens * charactersPerToken) },
      answer: { type: 'string', enum: options },
    },
    required: ['analysis', 'answer'],
    additionalProperties: false,
  }
  const tokens = { prompt: 0, generated: 0 }
  let answered = 0
  const ask = async (material: Material): Promise<void> => {
    const conversation = readConversation(material.messages, material.properties ?? {})
    const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        messages: buildPrompt(definition, conversation, randomBytes(12).toString('hex')),
        temperature: 0,
        max_tokens: analysisTokens * 2 + 32,
        response_format: { type: 'json_object', schema },
      }),
      signal: AbortSignal.timeout(600_000),
    })
    const reply = replySchema.parse(await answer.json())
    tokens.prompt += reply.usage.prompt_tokens
    tokens.generated += reply.usage.completion_tokens
    if (readAnswer(reply.choices[0]?.message.content ?? '', output).isReadable) answered += 1
  }
  for (const material of materials.slice(0, 2)) await ask(material)
  Object.assign(tokens, { prompt: 0, generated: 0 })
  answered = 0
  const outputBefore = server.output().length
  // It evaluates one prompt at a time; the second one waits so that it is never idle.
  const seconds = await inParallel(materials, 2, ask)
  await wait(200)
  const reused = server
    .output()
    .slice(outputBefore)
    .matchAll(/(\d+) prefix-match hit/g)
    .reduce((sum, [, count]) => sum + Number(count), 0)
  return {
    seconds,
    answered,
    invalid: materials.length - answered,
    promptTokens: tokens.prompt,
    evaluatedTokens: tokens.prompt - reused,
    generatedTokens: tokens.generated,
    memoryMiB: peakMiB(server.pid),
  }
}

function row(name: string, figures: Figures): string {
  const { seconds, answered, invalid } = figures
  const judged = answered + invalid
  const columns = [
    name,
    (judged / seconds).toFixed(2),
    ...[figures.promptTokens, figures.evaluatedTokens, figures.generatedTokens].map((count) =>
      (count / judged).toFixed(0),
    ),
    (figures.generatedTokens / seconds).toFixed(1),
    invalid,
    figures.memoryMiB,
  ]
  return `| ${columns.join(' | ')} |\n`
}

const materials = readMaterials(Number(values.judgments))
process.stdout.write(
  `${materials.length} judgments, ${threads} threads, analyses of ${analysisTokens} tokens\n\n| way | judgments/s | prompt tokens each | evaluated each | generated each | generated/s | invalid | memory MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n`,
)
process.stdout.write(row('Assize, in the process', await measureAssize(materials)))
process.stdout.write(row("llama-cpp-python's server", await measureServer(materials)))
