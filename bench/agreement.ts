/**
 * How well a judge agrees with humans: every labelled record of the files is judged, and what came of it is compared
 * with the labels. Run it with `npm run bench:agreement -- FILE.jsonl... [--model NAME] [--judge FILE.yaml]
 * [--parallel N] [--out FILE.jsonl]`. A file has `{"id", "messages", "properties", "label"}` a line. The report goes
 * to standard output, progress to standard error, and every judgment to the file that --out names.
 */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parse as parseYaml } from 'yaml'
import { createJudgeMaterial } from '../src/assize-judging.ts'
import { createModels } from '../src/assize-models.ts'
import { loadConfig } from '../src/config.ts'
import type { Definition } from '../src/judges/definition.ts'
import { definitionDocument, toDefinition } from '../src/judges/definition-document.ts'
import { createLog } from '../src/log.ts'
import { builtInJudge, builtInNames } from './agreement-judges.ts'
import { type JudgedRecord, writeReport } from './agreement-report.ts'
import { readRecords } from './labelled-records.ts'

const tinyModel = { name: 'local/smollm2-135m-instruct', file: 'SmolLM2-135M-Instruct.Q4_1.gguf' }

const { values, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    judge: { type: 'string' },
    parallel: { type: 'string' },
    out: { type: 'string' },
  },
})

function judgeFor(path: string): Definition {
  if (values.judge !== undefined) {
    const written = toDefinition(definitionDocument.parse(parseYaml(readFileSync(values.judge, 'utf8'))))
    return { ...written, modelName: values.model ?? written.modelName }
  }
  const judge = builtInJudge(basename(path, '.jsonl'), values.model ?? tinyModel.name)
  if (judge) return judge
  throw new Error(
    `${path}: expected --judge FILE.yaml, or a file called ${builtInNames.join(', ')} (.jsonl).`,
  )
}

/** A data directory with the model that TEST_LOCAL_MODEL names in it, gone afterwards; or the one that is set. */
function openDataDirectory(): Disposable & { readonly env: NodeJS.ProcessEnv } {
  const gguf = process.env.TEST_LOCAL_MODEL
  if (gguf === undefined) return { env: process.env, [Symbol.dispose]() {} }
  const dataDir = mkdtempSync(join(tmpdir(), 'assize-agreement-'))
  mkdirSync(join(dataDir, 'models'))
  symlinkSync(resolve(gguf), join(dataDir, 'models', tinyModel.file))
  return {
    env: { ...process.env, ASSIZE_DATA_DIR: dataDir },
    [Symbol.dispose]: () => rmSync(dataDir, { recursive: true }),
  }
}

using data = openDataDirectory()
const config = loadConfig(data.env, process.cwd())
await using models = createModels(config, createLog('warn'))
const judgeMaterial = createJudgeMaterial(config, models)
const parallel = values.parallel === undefined ? config.local.parallelJudgments : Number(values.parallel)
if (!(Number.isInteger(parallel) && parallel > 0)) {
  throw new Error(`--parallel is ${values.parallel}; expected a whole number from 1.`)
}
const stop = new AbortController()
process.once('SIGINT', () => stop.abort(new Error('stopped')))

/** Judges every record, several at once. */
async function judgeFile(path: string, judge: Definition): Promise<readonly JudgedRecord[]> {
  const records = readRecords(path, judge.output)
  const judged: JudgedRecord[] = []
  const waiting = records.values()
  const work = async (): Promise<void> => {
    for (const record of waiting) {
      const wanted = { samples: 1, wantsDistribution: true }
      const judgment = await judgeMaterial(judge, record, stop.signal, wanted)
      judged.push({ record, judgment })
      if (values.out !== undefined)
        appendFileSync(values.out, `${JSON.stringify(lineOf({ record, judgment }))}\n`)
      if (judged.length % 10 === 0 || judged.length === records.length) {
        process.stderr.write(`${basename(path)}: ${judged.length} of ${records.length}\n`)
      }
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  return judged
}

function lineOf({ record, judgment }: JudgedRecord): object {
  const { distribution, ...rest } = judgment
  const shares = distribution?.type === 'CLASSIFICATION' ? Object.fromEntries(distribution.shares) : undefined
  return {
    id: record.id,
    label: record.label,
    ...rest,
    distribution: distribution && { ...distribution, shares },
  }
}

if (paths.length === 0) throw new Error('expected one file of labelled records or more.')
for (const path of paths) {
  const judge = judgeFor(path)
  const startedMs = performance.now()
  const judged = await judgeFile(path, judge)
  const seconds = (performance.now() - startedMs) / 1000
  process.stdout.write(writeReport(basename(path), judge, judged, { seconds, parallel }))
}
