import type { ListedJudge } from '../judges/judge-match.ts'
import { type Planned, planJudges } from '../judges/judge-plan.ts'
import { lintDefinition } from '../judges/lint.ts'
import type { Io } from './commands.ts'
import { linesOf } from './document-lines.ts'
import { type Comparison, compareJudges, type JudgesPlaces, readOthers } from './judges-compare.ts'
import type { FolderFile } from './judges-folder.ts'
import { planAsJson, planAsText } from './judges-plan-output.ts'

export interface PlanRequest extends JudgesPlaces {
  readonly names: readonly string[]
  readonly force: boolean
  readonly prune: boolean
}

/** What is likely wrong with a file. */
export interface FileWarning {
  /** In the file, from 1. */
  readonly line: number
  readonly severity: 'warning' | 'hint'
  readonly code: string
  readonly message: string
}

export interface Plan {
  readonly comparison: Comparison
  /** In the order in which it can be done. */
  readonly planned: readonly Planned[]
  /** Saved judges that have no file and are left alone. */
  readonly withoutFile: readonly { readonly saved: ListedJudge; readonly hadFile: boolean }[]
  /** By the paths of files that bring a change. */
  readonly warnings: ReadonlyMap<string, readonly FileWarning[]>
  /** By their paths. */
  readonly files: ReadonlyMap<string, FolderFile>
}

/**
 * Works out what would make the saved judges be as the files say; changes nothing.
 * @throws AssizeError, RemoteError
 */
export async function makePlan({ names, force, prune, ...places }: PlanRequest): Promise<Plan> {
  const comparison = await compareJudges(places, names)
  const { matches } = comparison
  const isGone = ({ link }: { readonly link: unknown }) => prune && link !== undefined
  const gone = await readOthers(places.source, matches.others.filter(isGone))
  const left = matches.others.filter((other) => !isGone(other))
  const planned = planJudges({ files: matches.files, others: [...gone, ...left] }, { force, prune })
  const files = new Map(matches.files.map(({ file }) => [file.path, file]))
  const changed = planned.flatMap((one) => {
    const change = one.action === 'conflict' ? one.wanted : one
    if (change.action === 'unchanged' || change.action === 'delete') return []
    return files.get(change.file.path) ?? []
  })
  return {
    comparison,
    planned,
    withoutFile: left.map(({ saved, link }) => ({ saved, hadFile: link !== undefined })),
    warnings: new Map(changed.map((file) => [file.path, warningsOf(file)])),
    files,
  }
}

function warningsOf({ text, definition, unknownFields }: FolderFile): readonly FileWarning[] {
  const lineOf = linesOf(text)
  const unknown = unknownFields.map((path) => ({
    line: lineOf({ path }),
    severity: 'warning' as const,
    code: 'unknown_field',
    message: `A judge has no field ${path}: it is left out.`,
  }))
  const findings = lintDefinition(definition).map(({ path, line, severity, code, message }) => ({
    line: lineOf({ path, line }),
    severity,
    code,
    message,
  }))
  return [...unknown, ...findings]
}

/** Shows the plan. Gives the exit code: 1 when there are conflicts, which keep it from being carried out. */
export async function showPlan(request: PlanRequest, asJson: boolean, io: Io): Promise<number> {
  const plan = await makePlan(request)
  io.stdout.write(asJson ? planAsJson(plan) : planAsText(plan, request))
  return hasConflicts(plan) ? 1 : 0
}

export function hasConflicts({ planned }: Plan): boolean {
  return planned.some(({ action }) => action === 'conflict')
}
