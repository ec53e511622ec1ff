import type { Definition } from '../judges/definition.ts'
import type { Judges } from '../judges/judges.ts'
import { samplesNeeded } from '../judging/decide.ts'
import type { FoundModel, ModelDirectory } from '../judging/model.ts'
import { findPanel, type Panel } from '../judging/panel.ts'
import { judgmentsWithin } from './caps.ts'
import type { LookedAtRun } from './lookout.ts'
import type { Run } from './run.ts'

/** What all judgments of a run have in common. */
export interface Court {
  readonly run: Pick<Run, 'id' | 'workspaceId' | 'judgeId' | 'revisionId' | 'samples' | 'traceContext'>
  readonly definition: Definition
  /** Who is asked; at least one. */
  readonly found: readonly FoundModel[]
}

export interface FindsModels {
  readonly models: ModelDirectory
  readonly panels: readonly Panel[]
}

/** Throws `judge_not_found`, `model_not_served`. */
export async function openCourt(
  run: Run,
  tools: FindsModels & { readonly judges: Pick<Judges, 'find'> },
): Promise<Court> {
  const { judge } = await tools.judges.find(run, run.revisionId)
  const { definition } = judge.revision
  return { run, definition, found: modelsOf(definition.modelName, tools) }
}

/**
 * The models that a judge's model name means: one, or those of a panel.
 * @throws AssizeError `model_not_served`
 */
export function modelsOf(modelName: string, { models, panels }: FindsModels): readonly FoundModel[] {
  const panel = findPanel(panels, modelName)
  return (panel?.modelNames ?? [modelName]).map((name) => models.find(name))
}

/**
 * How many judgments of a running run may be under way in this process: its share of the run's concurrency, and no
 * more than its caps and budgets have room for, or than its providers let through.
 * @param sharersOf how many runs share a provider in this process, by its name
 */
export function mostUnderWay(
  { run, workers, spentBudget }: LookedAtRun,
  court: Court,
  sharersOf: (provider: string) => number,
): number {
  if (spentBudget !== undefined) return 0
  return Math.min(
    Math.max(1, Math.floor(run.concurrency / Math.max(1, workers))),
    judgmentsWithin(run, run.progress),
    judgmentsAllowed(court, sharersOf),
  )
}

/**
 * How many judgments may be under way so that none of their calls waits for its provider: to wait would use up the
 * judgment's time. At least one.
 */
export function judgmentsAllowed(
  {
    found,
    definition,
    run,
  }: Pick<Court, 'found'> & {
    readonly definition: Pick<Definition, 'output'>
    readonly run: Pick<Run, 'samples'>
  },
  sharersOf: (provider: string) => number,
): number {
  const { samples } = run
  const callsOfEach = samples === 1 ? 1 : samplesNeeded([], 0, samples, definition.output)
  const perProvider = Map.groupBy(found, ({ provider }) => provider)
  const allowed = [...perProvider].map(([provider, [first, ...others]]) => {
    const calls = callsOfEach * (1 + others.length)
    return Math.floor((first?.callsAllowedNow?.() ?? Infinity) / Math.max(1, sharersOf(provider)) / calls)
  })
  return Math.max(1, Math.min(...allowed))
}
