import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'

export interface Totals {
  readonly passed: number
  readonly failures: readonly string[]
  readonly skips: readonly string[]
}

/** What is read of Vitest's JSON report. */
interface Report {
  readonly testResults: readonly FileResult[]
}

interface FileResult {
  readonly name: string
  readonly status: 'passed' | 'failed'
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
}

/** Adds up the report; a file that failed outside its tests, and a run that failed outside its files, count as one. */
export async function readReport(path: string, exitCode: number): Promise<Totals> {
  const files = await readFiles(path)
  const all = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({
      status: test.status,
      name: `${relative(process.cwd(), name)}: ${test.fullName}`,
    })),
  )
  const named = (...statuses: string[]) =>
    all.filter(({ status }) => statuses.includes(status)).map(({ name }) => name)
  const skips = named('skipped', 'pending', 'todo', 'disabled')
  const brokenFiles = files
    .filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed))
    .map(({ name }) => relative(process.cwd(), name))
  const failures = [...named('failed'), ...brokenFiles]
  if (exitCode !== 0 && failures.length === 0) failures.push(`Vitest itself, with exit code ${exitCode}`)
  return {
    passed: named('passed').length,
    failures,
    skips,
  }
}

function isFailed({ status }: { status: string }): boolean {
  return status === 'failed'
}

async function readFiles(path: string): Promise<readonly FileResult[]> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as Report).testResults
  } catch {
    return []
  }
}
