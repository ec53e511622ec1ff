import { AssizeError } from '../errors.ts'
import type { Outcome } from '../judging/judgment.ts'

/**
 * `running` from the start, whether or not its turn has come; `capped` stopped at its cap of cost or tokens; `failed`
 * stopped because nothing could be judged any more. The last three can be resumed, and keep what is judged.
 */
export const runStates = ['running', 'completed', 'cancelled', 'capped', 'failed'] as const

export type RunState = (typeof runStates)[number]

/** Of the runs of one workspace, those of a higher priority have their turns first. The lowest first. */
export const runPriorities = ['low', 'normal', 'high'] as const

export type RunPriority = (typeof runPriorities)[number]

export type PropertyValue = string | number | boolean | null

/** Records whose properties equal the value, or any of the values; a property that is not there equals nothing. */
export type PropertyFilter = Readonly<Record<string, PropertyValue | readonly PropertyValue[]>>

/** How much a run may spend before it stops; null: without limit. */
export interface RunCaps {
  /** In the currency of the configured prices. */
  readonly maxCost: number | null
  /** Of input and output together. */
  readonly maxTokens: number | null
}

/** What may be set anew when a run is resumed; what is left out stays. */
export interface RunSettings extends RunCaps {
  readonly priority: RunPriority
}

/** What is asked of a run, pinned when it is created: a revision, and the records that were there then. */
export interface RunPlan extends RunSettings {
  readonly id: string
  readonly workspaceId: string
  readonly ownerId: string
  readonly judgeId: string
  readonly revisionId: string
  /** Null for a run over a list of records. */
  readonly datasetId: string | null
  readonly name: string
  /** Null: all records. */
  readonly filter: PropertyFilter | null
  /** Judgments of each record, which become one. */
  readonly samples: number
  /** Judgments at the same time. */
  readonly concurrency: number
  readonly createdAt: Date
  /** The trace in which it was created, see `TraceContexts`; null where there is none. */
  readonly traceContext: string | null
}

/** A run as it stands. */
export interface Run extends RunPlan {
  /** As its revision names the judge and the model. */
  readonly judgeName: string
  readonly modelName: string
  readonly state: RunState
  /** Why it is in its state, where that needs one. */
  readonly reason: string | null
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly progress: RunProgress
}

/** All of it read at one moment: `total` is the sum of the outcomes and what is pending, always. */
export interface RunProgress {
  readonly total: number
  readonly pending: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** Of all judgments that were made, those that were made again included. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** Null once a model without a price was used. */
  readonly cost: number | null
  /** How many judgments those tokens were for. */
  readonly charged: number
}

export type RunChange = 'cancel' | 'resume' | 'retry'

const mayBegin: Readonly<Record<RunChange, readonly RunState[]>> = {
  cancel: ['running'],
  resume: ['cancelled', 'capped', 'failed'],
  retry: runStates,
}

/** Where a change is possible. */
export function statesFor(change: RunChange): readonly RunState[] {
  return mayBegin[change]
}

/** What a caller is told of a change that is not possible. */
export function transitionInvalid({ id, state }: Pick<Run, 'id' | 'state'>, change: RunChange): AssizeError {
  return new AssizeError(
    'run_transition_invalid',
    `Run ${id} is ${state}; expected ${mayBegin[change].join(' or ')} to ${change} it.`,
  )
}

export function runNotFound(id: string): AssizeError {
  return new AssizeError('run_not_found', `There is no run ${id} in this workspace.`)
}
