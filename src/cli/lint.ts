import { parseArgs } from 'node:util'
import { AssizeError } from '../errors.ts'
import type { Finding } from '../judges/lint/finding.ts'
import { lintDefinition } from '../judges/lint.ts'
import type { Command, Io } from './commands.ts'
import { linesOf } from './document-lines.ts'
import { parseDefinition, readText } from './input-files.ts'
import { openJudge } from './open-judge.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize lint FILE.yaml... [--strict] [--json]
       assize lint --judge NAME|ID [--workspace NAME] [--strict] [--json]

Lists what is likely wrong with judges: those of files, - for standard input, or one that is saved. A finding is a line
with its place, severity, code and message, or with --json an object of an array. docs/lint.md says more of each code.
The exit code is 0 without warnings, 1 with warnings or a file that holds no judge. Hints count with --strict only.`

/** A finding, and where a reader can find it. */
interface Placed extends Finding {
  /** The file, or the judge's name. */
  readonly source: string
  /** In the file; in a saved judge's field, or null. */
  readonly sourceLine: number | null
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      judge: { type: 'string' },
      workspace: { type: 'string' },
      strict: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const isSaved = values.judge !== undefined
  if (isSaved === paths.length > 0) throw new UsageError('lint needs files, or --judge with a saved one.')
  if (values.workspace !== undefined && !isSaved) throw new UsageError('--workspace goes with --judge.')
  if (paths.filter((path) => path === '-').length > 1) {
    throw new UsageError('- is given twice; standard input can be read only once.')
  }
  const results =
    values.judge === undefined
      ? await lintFiles(paths, io)
      : [await lintSaved(values.judge, values.workspace ?? 'default', io)]
  const findings = results.flatMap((found) => found ?? [])
  io.stdout.write(
    values.json ? `${JSON.stringify(findings.map(shown), null, 2)}\n` : findings.map(line).join(''),
  )
  const isFailing = findings.some(({ severity }) => severity === 'warning' || values.strict)
  return isFailing || results.includes(undefined) ? 1 : 0
}

/** One that is no judge is told on standard error, and keeps no other from being looked at. */
async function lintFiles(
  paths: readonly string[],
  io: Io,
): Promise<readonly (readonly Placed[] | undefined)[]> {
  const results: (readonly Placed[] | undefined)[] = []
  for (const path of paths) {
    try {
      const content = await readText(path, io)
      const findings = lintDefinition(parseDefinition(path, content))
      const lineOf = linesOf(content)
      results.push(findings.map((finding) => ({ ...finding, source: path, sourceLine: lineOf(finding) })))
    } catch (error) {
      if (!(error instanceof AssizeError)) throw error
      io.stderr.write(error.message.startsWith(path) ? `${error.message}\n` : `${path}: ${error.message}\n`)
      results.push(undefined)
    }
  }
  return results
}

async function lintSaved(name: string, workspaceName: string, io: Io): Promise<readonly Placed[]> {
  await using judge = await openJudge(name, workspaceName, io)
  const { definition } = judge
  return lintDefinition(definition).map((finding) => ({
    ...finding,
    source: definition.name,
    sourceLine: finding.line ?? null,
  }))
}

function line({ source, sourceLine, path, severity, code, message }: Placed): string {
  const place = sourceLine !== null ? `${source}:${sourceLine}` : `${source}: ${path}`
  return `${place}: ${severity} ${code} ${message}\n`
}

function shown({ source, sourceLine, path, severity, code, message }: Placed): object {
  return { source, line: sourceLine, path, severity, code, message }
}

export const lintCommand: Command = { usage, run }
