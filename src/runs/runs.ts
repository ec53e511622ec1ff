import type { Datasets } from '../datasets/datasets.ts'
import type { Judge, Page } from '../judges/judge-store.ts'
import type { Author, Judges } from '../judges/judges.ts'
import { type Outcome, outcomes } from '../judging/judgment.ts'
import type { TraceContexts } from '../judging/trace-contexts.ts'
import { type CheckTools, checkJudging } from './check-judging.ts'
import { type MakeRunTools, makeRun } from './make-run.ts'
import {
  type PropertyFilter,
  type Run,
  type RunCaps,
  type RunChange,
  type RunPriority,
  type RunSettings,
  runNotFound,
  statesFor,
  transitionInvalid,
} from './run.ts'
import type { RunJudgmentStore } from './run-judgment-store.ts'
import { createRunJudgments, type RunJudgments } from './run-judgments.ts'
import type { RunQuery, RunStore } from './run-store.ts'

export interface RunsTools extends CheckTools, MakeRunTools {
  readonly store: RunStore
  readonly made: RunJudgmentStore
  readonly judges: Pick<Judges, 'find'>
  readonly datasets: Pick<Datasets, 'find'>
  /** A new UUID, version 7. */
  readonly newId: () => string
  readonly traceContexts: Pick<TraceContexts, 'current'>
  /** Judgments at the same time, where a run says nothing else. */
  readonly concurrency: number
  /** Called when there is something to do, or something that was done is to stop. */
  readonly onChanged: () => void
  /** Called when a run was removed, whose judgments are to go. */
  readonly onRemoved: () => void
}

/** Which records to judge. */
export type Selection =
  | { readonly datasetId: string; readonly filter: PropertyFilter | null }
  | { readonly recordIds: readonly string[] }

export interface NewRun extends RunCaps {
  /** A judge's id, or a revision's: the run keeps to that revision in any case. */
  readonly judgeId: string
  readonly selection: Selection
  /** Absent: after the judge and what it is run over. */
  readonly name?: string | undefined
  readonly samples: number
  readonly concurrency?: number | undefined
  /** Absent: normal. */
  readonly priority?: RunPriority | undefined
}

/** The use cases of runs. Every one sees the author's workspace and nothing else. */
export interface Runs extends RunJudgments {
  /**
   * Creates a run, which is worked on from then on.
   * @throws AssizeError `judge_not_found`, `dataset_not_found`, `dataset_record_not_found`, `model_not_served`,
   *   `tool_not_served`; `request_invalid` where there is nothing to judge, or no price for a cap
   */
  create(author: Author, asked: NewRun): Promise<Run>
  /** Throws `run_not_found`. */
  find(author: Author, id: string): Promise<Run>
  /** Newest first. */
  list(author: Author, query: RunQuery): Promise<Page<Run>>
  /** Begins no more judgments; those under way are finished and kept. Throws `run_not_found`, `run_transition_invalid`. */
  cancel(author: Author, id: string): Promise<Run>
  /** Goes on with what is pending; settings that are left out stay. Throws like `cancel` and `create`. */
  resume(author: Author, id: string, settings: Partial<RunSettings>): Promise<Run>
  /**
   * Judges those records again whose judgments ended so, and goes on with what is pending. What was spent stays spent.
   * @param ended empty: every outcome without an answer
   * @throws AssizeError `run_not_found`, and what `create` throws of the judge
   */
  retry(author: Author, id: string, ended: readonly Outcome[]): Promise<Run>
  /** Throws `run_not_found`. */
  remove(author: Author, id: string): Promise<void>
}

/** @example createRuns({ store, making, made, judges, datasets, now: () => new Date(), newId: uuidv7, ... }) */
export function createRuns(tools: RunsTools): Runs {
  const { store, made, judges } = tools

  async function find(author: Author, id: string): Promise<Run> {
    const run = await store.find(author.workspaceId, id)
    if (run === undefined) throw runNotFound(id)
    return run
  }

  /** Throws where nothing could be judged any more. */
  async function checkJudge(author: Author, id: string, maxCost: number | null): Promise<Judge> {
    const { judge } = await judges.find(author, id)
    await checkJudging(judge.revision.definition, { workspaceId: author.workspaceId, maxCost }, tools)
    return judge
  }

  async function change(
    author: Author,
    id: string,
    by: Exclude<RunChange, 'retry'>,
    settings: Partial<RunSettings> = {},
  ): Promise<Run> {
    const state = by === 'cancel' ? 'cancelled' : 'running'
    const to = { state, reason: null, at: tools.now(), settings } as const
    const result = await store.change(author.workspaceId, id, statesFor(by), to)
    const run = await find(author, id)
    if (result === 'not_changed') throw transitionInvalid(run, by)
    tools.onChanged()
    return run
  }

  return {
    find,
    list: (author, query) => store.list(author.workspaceId, query),
    cancel: (author, id) => change(author, id, 'cancel'),

    async create(author, asked) {
      const judge = await checkJudge(author, asked.judgeId, asked.maxCost)
      const plan = await planOf(author, asked, judge, tools)
      const { selection } = asked
      await makeRun(plan, 'recordIds' in selection ? selection.recordIds : undefined, tools)
      tools.onChanged()
      return find(author, plan.id)
    },

    async resume(author, id, settings) {
      const run = await find(author, id)
      if (!statesFor('resume').includes(run.state)) throw transitionInvalid(run, 'resume')
      await checkJudge(
        author,
        run.revisionId,
        settings.maxCost === undefined ? run.maxCost : settings.maxCost,
      )
      return change(author, id, 'resume', settings)
    },

    async retry(author, id, ended) {
      const run = await find(author, id)
      await checkJudge(author, run.revisionId, run.maxCost)
      for (const outcome of ended.length === 0 ? unanswered : ended) {
        for (let after: number | undefined = 0; after !== undefined; ) {
          after = await store.retry(author.workspaceId, id, { outcome, after })
          await tools.nextTurn()
        }
      }
      tools.onChanged()
      return find(author, id)
    },

    async remove(author, id) {
      if ((await store.remove(author.workspaceId, id)) === 'missing') throw runNotFound(id)
      tools.onChanged()
      tools.onRemoved()
    },

    ...createRunJudgments(made, find),
  }
}

const unanswered = outcomes.filter((outcome) => outcome !== 'answered')

async function planOf(author: Author, asked: NewRun, judge: Judge, tools: RunsTools) {
  const { samples, maxCost, maxTokens, selection, concurrency = tools.concurrency } = asked
  const dataset =
    'datasetId' in selection ? await tools.datasets.find(author, selection.datasetId) : undefined
  const { revision } = judge
  const over = 'recordIds' in selection ? `${selection.recordIds.length} records` : (dataset?.name ?? '')
  return {
    id: tools.newId(),
    workspaceId: author.workspaceId,
    ownerId: author.ownerId,
    judgeId: judge.id,
    revisionId: revision.id,
    datasetId: dataset?.id ?? null,
    name: asked.name ?? `${revision.definition.name}: ${over}`,
    filter: 'filter' in selection ? selection.filter : null,
    samples,
    concurrency,
    priority: asked.priority ?? 'normal',
    maxCost,
    maxTokens,
    createdAt: tools.now(),
    traceContext: tools.traceContexts.current(),
  }
}
