import { AssizeError, type Situation } from '../errors.ts'
import type { Judge } from '../judges/judge-store.ts'
import type { Author, Judges } from '../judges/judges.ts'
import type { JudgeMaterial, Material } from './judging.ts'
import type { Answered, Judgment, JudgmentStore, NotAnswered, Outcome } from './judgment.ts'

export interface LiveJudgingTools {
  readonly judges: Pick<Judges, 'find'>
  readonly judgeMaterial: JudgeMaterial
  readonly store: JudgmentStore
  readonly now: () => Date
  readonly newId: () => string
  /** What is kept of judgments. */
  readonly kept: KeptSettings
}

interface KeptSettings {
  readonly areStored: boolean
  readonly keepAnalysis: boolean
  readonly keepConversation: boolean
}

export interface LiveJudging {
  /**
   * Runs a saved judge on one conversation, and keeps the judgment as the settings say.
   * @throws AssizeError for everything but an answer; the abandoned signal's reason
   */
  judgeSaved(author: Author, judgeId: string, material: Material, abandoned: AbortSignal): Promise<Answered>
}

/** The use case of judging while the caller waits. */
export function createLiveJudging(tools: LiveJudgingTools): LiveJudging {
  async function keep(judge: Judge, material: Material, judgment: Judgment): Promise<void> {
    const { kept } = tools
    const isAnswered = judgment.outcome === 'answered'
    await tools.store.insert({
      id: tools.newId(),
      workspaceId: judge.workspaceId,
      judgeId: judge.id,
      revisionId: judge.revision.id,
      createdAt: tools.now(),
      outcome: judgment.outcome,
      answer: isAnswered ? judgment.answer : null,
      analysis: isAnswered && kept.keepAnalysis ? judgment.analysis : null,
      reason: isAnswered ? null : judgment.reason,
      conversation: kept.keepConversation ? JSON.stringify(material) : null,
      account: judgment.account,
    })
  }

  return {
    async judgeSaved(author, judgeId, material, abandoned) {
      const { judge } = await tools.judges.find(author, judgeId)
      const judgment = await tools.judgeMaterial(judge.revision.definition, material, abandoned)
      if (tools.kept.areStored) await keep(judge, material, judgment)
      if (judgment.outcome === 'answered') return judgment
      throw judgmentError(judgment)
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

/** What a caller who waits is told of a judgment without an answer. */
function judgmentError({ outcome, reason, retryAfterMs }: NotAnswered): AssizeError {
  const retryAfterSeconds = Math.ceil((retryAfterMs ?? defaultRetryAfterSeconds * 1000) / 1000)
  return new AssizeError(situations[outcome], reason, outcome === 'rate_limited' ? { retryAfterSeconds } : {})
}
