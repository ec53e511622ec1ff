import { AssizeError, type Situation } from '../errors.ts'
import type { Judge } from '../judges/judge-store.ts'
import type { Author, Judges } from '../judges/judges.ts'
import type { Budgets } from './budgets.ts'
import type { JudgeMaterial, Material, Wanted } from './judging.ts'
import type { FlaggedJudgment, JudgmentRecord, NotAnswered, Outcome } from './judgment.ts'
import { type KeptParts, toJudgmentRecord } from './judgment-record.ts'
import type { JudgmentStore } from './judgment-store.ts'
import type { PriceOf } from './price.ts'

export interface LiveJudgingTools {
  readonly judges: Pick<Judges, 'find'>
  readonly judgeMaterial: JudgeMaterial
  readonly store: Pick<JudgmentStore, 'insert' | 'count'>
  readonly now: () => Date
  readonly newId: () => string
  /** What is kept of judgments. */
  readonly kept: KeptParts & { readonly areStored: boolean }
  readonly priceOf: PriceOf
  readonly budgets: Pick<Budgets, 'check' | 'add'>
}

/** A judgment that somebody waited for. */
export interface LiveJudgment {
  /** Under which it is kept; null where it is not. */
  readonly id: string | null
  /** Null where the definition is not saved. */
  readonly revisionId: string | null
  readonly judgment: FlaggedJudgment
  /** In the currency of the configured prices; null where a model has no price. */
  readonly cost: number | null
}

export interface LiveJudging {
  /**
   * Runs a saved judge on one conversation, and keeps the judgment as the settings say, whatever its outcome.
   * @throws AssizeError where there is no judgment to be made, `budget_spent` too; the abandoned signal's reason
   */
  judgeSaved(
    author: Author,
    judgeId: string,
    material: Material,
    abandoned: AbortSignal,
    wanted?: Wanted,
  ): Promise<LiveJudgment>
}

/** The use case of judging while the caller waits. */
export function createLiveJudging(tools: LiveJudgingTools): LiveJudging {
  async function keep(judge: Judge, material: Material, judgment: FlaggedJudgment): Promise<JudgmentRecord> {
    const id = tools.newId()
    const { revision } = judge
    const by = { workspaceId: judge.workspaceId, judgeId: judge.id, revisionId: revision.id }
    const made = { id, createdAt: tools.now(), ...by, material, judgment, run: null }
    const record = toJudgmentRecord(made, tools.kept, tools.priceOf)
    tools.budgets.add(record, record.cost)
    await (tools.kept.areStored ? tools.store.insert(record) : tools.store.count(record))
    return record
  }

  return {
    async judgeSaved(author, judgeId, material, abandoned, wanted) {
      const { judge } = await tools.judges.find(author, judgeId)
      await tools.budgets.check({ workspaceId: judge.workspaceId, judgeId: judge.id })
      const judgment = await tools.judgeMaterial(
        judge.revision.definition,
        material,
        abandoned,
        wanted,
        judge.workspaceId,
      )
      const record = await keep(judge, material, judgment)
      return {
        id: tools.kept.areStored ? record.id : null,
        revisionId: judge.revision.id,
        judgment,
        cost: record.cost,
      }
    },
  }
}

const situations: Readonly<Record<Exclude<Outcome, 'answered'>, Situation>> = {
  unreadable: 'no_valid_answer',
  undecided: 'no_valid_answer',
  truncated: 'no_valid_answer',
  refused: 'no_valid_answer',
  filtered: 'provider_refused',
  context_overflow: 'provider_refused',
  rate_limited: 'provider_rate_limits',
  timed_out: 'deadline_passed',
  provider_failed: 'provider_failed',
  tool_failed: 'provider_failed',
  invalid_request: 'provider_refused',
}

/** Where a provider doesn't say how long to wait. */
const defaultRetryAfterSeconds = 10

/**
 * What a caller who waits is told of a judgment without an answer.
 * @param judgmentBody what else is told of it, as the error's body spells it
 */
export function judgmentError(
  { outcome, reason, retryAfterMs }: NotAnswered,
  judgmentBody?: Readonly<Record<string, unknown>>,
): AssizeError {
  const retryAfterSeconds = Math.ceil((retryAfterMs ?? defaultRetryAfterSeconds * 1000) / 1000)
  return new AssizeError(situations[outcome], reason, {
    ...(outcome === 'rate_limited' && { retryAfterSeconds }),
    ...(judgmentBody && { judgmentBody }),
  })
}
