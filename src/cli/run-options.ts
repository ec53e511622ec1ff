import { parseArgs } from 'node:util'
import type { ColumnMapping } from '../datasets/forms/column-mapping.ts'
import { type RowFormat, rowFormats } from '../datasets/rows/row-format.ts'
import { mostSamples } from '../judging/judging.ts'
import { type RunPriority, runPriorities } from '../runs/run.ts'
import type { Condition } from './fail-if.ts'
import { parseConditions } from './run-conditions.ts'
import { UsageError } from './usage-error.ts'

/** What is asked of a run. */
export interface RunOptions {
  /** A file, or a saved judge's id or name. */
  readonly judge: string
  /** A file, or `-`. */
  readonly data: string
  readonly format: RowFormat | undefined
  readonly mapping: ColumnMapping | undefined
  readonly limit: number | undefined
  readonly out: string | undefined
  readonly isResumed: boolean
  readonly retriesFailed: boolean
  /** Undefined: as the configuration says. */
  readonly concurrency: number | undefined
  /** On a server alone; undefined: as the server says. */
  readonly priority: RunPriority | undefined
  readonly samples: number
  readonly maxCost: number | undefined
  readonly maxTokens: number | undefined
  readonly conditions: readonly Condition[]
  readonly json: boolean
  readonly workspace: string | undefined
  readonly server: string | undefined
  readonly keyFile: string | undefined
}

const options = {
  judge: { type: 'string' },
  data: { type: 'string' },
  format: { type: 'string' },
  map: { type: 'string', multiple: true },
  limit: { type: 'string' },
  out: { type: 'string' },
  resume: { type: 'boolean', default: false },
  'retry-failed': { type: 'boolean', default: false },
  concurrency: { type: 'string' },
  priority: { type: 'string' },
  samples: { type: 'string', default: '1' },
  'max-cost': { type: 'string' },
  'max-tokens': { type: 'string' },
  'fail-if': { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  workspace: { type: 'string' },
  server: { type: 'string' },
  'key-file': { type: 'string' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** @throws UsageError, which names the option that is wrong */
export function readRunOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({ args: [...args], options })
  const { judge, data, out } = values
  if (judge === undefined || data === undefined) throw new UsageError('run needs --judge and --data.')
  refuseContradictions(values)
  return {
    judge,
    data,
    format: readFormat(values.format),
    mapping: readMapping(values.map),
    limit: ifGiven(values.limit, (text) => wholeNumber('--limit', text, 1_000_000_000)),
    out,
    isResumed: values.resume || values['retry-failed'],
    retriesFailed: values['retry-failed'],
    concurrency: ifGiven(values.concurrency, (text) => wholeNumber('--concurrency', text, 1000)),
    priority: ifGiven(values.priority, (text) => readPriority(text, values.server)),
    samples: wholeNumber('--samples', values.samples, mostSamples),
    maxCost: ifGiven(values['max-cost'], readCost),
    maxTokens: ifGiven(values['max-tokens'], (text) => wholeNumber('--max-tokens', text, 1e15)),
    conditions: parseConditions(values['fail-if'] ?? []),
    json: values.json,
    workspace: values.workspace,
    server: values.server,
    keyFile: values['key-file'],
  }
}

function refuseContradictions(values: Values): void {
  const { judge, data, out, server } = values
  if (judge === '-')
    throw new UsageError('--judge is -; expected a file, or the id or name of a saved judge.')
  if (out === '-') throw new UsageError('--out is -; without --out, results go to standard output.')
  if (out === undefined && (values.resume || values['retry-failed'])) {
    throw new UsageError('--resume and --retry-failed need --out: they go on with the results of that file.')
  }
  if (out === undefined && values.json) {
    throw new UsageError('--json needs --out: without it, standard output is for the results.')
  }
  if (out !== undefined && out === data) throw new UsageError('--out and --data are the same file.')
  if (server === undefined && values['key-file'] !== undefined) {
    throw new UsageError('--key-file goes with --server.')
  }
  if (server !== undefined && values.workspace !== undefined) {
    throw new UsageError("--workspace is for a local database; on a server, the key's workspace is meant.")
  }
}

function ifGiven<Read>(text: string | undefined, read: (text: string) => Read): Read | undefined {
  return text === undefined ? undefined : read(text)
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  throw new UsageError(
    `${option} is ${JSON.stringify(text)}; expected a whole number from 1 to ${most.toLocaleString('en')}.`,
  )
}

function readPriority(text: string, server: string | undefined): RunPriority {
  const priority = runPriorities.find((one) => one === text)
  if (priority === undefined) {
    throw new UsageError(
      `--priority is ${JSON.stringify(text)}; expected one of ${runPriorities.join(', ')}.`,
    )
  }
  if (server === undefined) throw new UsageError('--priority goes with --server, whose runs take turns.')
  return priority
}

function readCost(text: string): number {
  const cost = /^\d*\.?\d+$/.test(text) ? Number(text) : 0
  if (cost > 0) return cost
  throw new UsageError(`--max-cost is ${JSON.stringify(text)}; expected a number over 0, like 2.50.`)
}

function readFormat(text: string | undefined): RowFormat | undefined {
  const format = rowFormats.find((one) => one === text)
  if (format !== undefined || text === undefined) return format
  throw new UsageError(`--format is ${JSON.stringify(text)}; expected one of ${rowFormats.join(', ')}.`)
}

const roles = ['input', 'context', 'output', 'system'] as const
const lists = ['properties', 'json'] as const
/** The comma of a column's name begins no other part. */
const partEnd = new RegExp(`,(?=\\s*(?:${[...roles, ...lists].join('|')})\\s*=)`)

/** `input=question,output=answer,properties=topic,properties=level` */
function readMapping(texts: readonly string[] | undefined): ColumnMapping | undefined {
  if (texts === undefined) return undefined
  const mapping: { -readonly [Key in keyof ColumnMapping]?: ColumnMapping[Key] } = {}
  for (const part of texts.flatMap((text) => text.split(partEnd))) {
    const at = part.indexOf('=')
    const [name, field] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    const role = roles.find((one) => one === name)
    const list = lists.find((one) => one === name)
    if (at < 0 || field === '' || (role ?? list) === undefined || (role && mapping[role] !== undefined)) {
      throw new UsageError(
        `--map has ${JSON.stringify(part)}; expected input=COLUMN and, once each at most, ${roles.slice(1).join(', ')}, or any number of ${lists.join(', ')}.`,
      )
    }
    if (role !== undefined) mapping[role] = field
    if (list !== undefined) mapping[list] = [...(mapping[list] ?? []), field]
  }
  const { input, ...others } = mapping
  if (input === undefined) throw new UsageError('--map needs input=COLUMN: what the user says.')
  return { input, ...others }
}
