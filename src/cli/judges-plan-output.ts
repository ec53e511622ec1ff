import type { Change, ConflictReason, Planned } from '../judges/judge-plan.ts'
import type { JudgesPlaces } from './judges-compare.ts'
import type { FileWarning, Plan } from './judges-plan.ts'
import { table } from './table.ts'
import { visibleText } from './visible-text.ts'

const reasons: Readonly<Record<ConflictReason, string>> = {
  changed_since: 'its judge was changed since it was last pulled or applied',
  file_outdated: 'its judge was changed since it was last pulled or applied, and the file was not: pull it',
  never_pulled: 'a judge of this name is saved that was never pulled here',
  deleted_since: 'its judge was deleted',
  name_taken: 'another judge has this name, and keeps it',
}

/** What is known of one step of a plan. */
interface Step {
  readonly action: Planned['action']
  readonly change: Exclude<Planned, { action: 'conflict' }>
  readonly name: string
  readonly path: string
  readonly reason: ConflictReason | undefined
}

function stepOf(planned: Planned): Step {
  const change = planned.action === 'conflict' ? planned.wanted : planned
  const reason =
    planned.action === 'conflict' ? planned.reason : 'despite' in planned ? planned.despite : undefined
  const { name } = change.action === 'delete' ? change.saved.definition : change.file.definition
  const path = change.action === 'delete' ? change.path : change.file.path
  return { action: planned.action, change, name, path, reason }
}

/** A plan as people read it: a line for each change, what is likely wrong with files, and how many there are. */
export function planAsText(plan: Plan, { place, source }: JudgesPlaces): string {
  const steps = plan.planned.map(stepOf)
  const rows = steps
    .filter(({ action }) => action !== 'unchanged')
    .map((step) => [step.action, step.name, shownPath(plan, step.path), detail(step)].map(visibleText))
  const warnings = [...plan.warnings].flatMap(([path, found]) =>
    found.map((warning) => warningLine(shownPath(plan, path), warning)),
  )
  const heading = `${visibleText(place.shown)} -> ${source.name}\n`
  return [heading, table(rows), ...warnings, withoutFile(plan), `${summary(steps)}\n`].join('')
}

function shownPath({ files, comparison }: Plan, path: string): string {
  return files.get(path)?.shown ?? comparison.folder.shownPath(path)
}

function detail({ action, change, reason }: Step): string {
  const parts = [
    action === 'conflict' && `${change.action} refused: ${reason && reasons[reason]}`,
    action !== 'conflict' && change.action === 'update' && change.fields.map(fieldOf(change)).join(', '),
    action === 'delete' && 'its file is gone',
    action !== 'conflict' && reason !== undefined && `forced, though ${reasons[reason]}`,
  ]
  return parts.filter((part) => part !== false).join('; ')
}

function fieldOf({ saved }: Extract<Change, { action: 'update' }>): (field: string) => string {
  return (field) => (field === 'name' ? `name (was ${saved.definition.name})` : field)
}

function warningLine(place: string, { line, severity, code, message }: FileWarning): string {
  return `${visibleText(`${place}:${line}: ${severity} ${code} ${message}`)}\n`
}

function withoutFile({ withoutFile: judges }: Plan): string {
  const lines = [
    [judges.filter(({ hadFile }) => hadFile), 'Their files are gone, and --prune deletes them'] as const,
    [judges.filter(({ hadFile }) => !hadFile), 'Saved without a file, and left alone'] as const,
  ]
  return lines
    .filter(([found]) => found.length > 0)
    .map(
      ([found, what]) =>
        `${what}: ${found.map(({ saved }) => visibleText(saved.definition.name)).join(', ')}\n`,
    )
    .join('')
}

const counted = {
  create: 'to create',
  update: 'to update',
  delete: 'to delete',
  unchanged: 'unchanged',
  conflict: 'in conflict',
} as const

function countsOf(steps: readonly Step[]): Readonly<Record<Planned['action'], number>> {
  const counts = { create: 0, update: 0, delete: 0, unchanged: 0, conflict: 0 }
  for (const { action } of steps) counts[action] += 1
  return counts
}

function summary(steps: readonly Step[]): string {
  const counts = Object.entries(countsOf(steps)) as [Planned['action'], number][]
  return `${counts.map(([action, count]) => `${count} ${counted[action]}`).join(', ')}.`
}

/** A plan as programs read it. */
export function planAsJson(plan: Plan): string {
  const steps = plan.planned.map(stepOf)
  const shown = {
    workspace_id: plan.comparison.workspaceId ?? null,
    counts: countsOf(steps),
    judges: steps.map(({ action, change, name, path, reason }) => ({
      action,
      name,
      file: shownPath(plan, path),
      id: 'saved' in change ? change.saved.id : null,
      revision: 'saved' in change ? change.saved.revisionId : null,
      wanted: action === 'conflict' ? change.action : null,
      reason: reason ?? null,
      fields: change.action === 'update' ? change.fields : [],
      warnings: plan.warnings.get(path) ?? [],
    })),
    without_file: plan.withoutFile.map(({ saved, hadFile }) => ({
      name: saved.definition.name,
      id: saved.id,
      had_file: hadFile,
    })),
  }
  return `${JSON.stringify(shown, null, 2)}\n`
}
