import { AssizeError } from '../errors.ts'
import type { Wanted } from '../judging/judging.ts'
import type { FlaggedJudgment } from '../judging/judgment.ts'
import { judgmentDocument } from '../judging/judgment-document.ts'
import { toJudgmentRecord } from '../judging/judgment-record.ts'
import type { FoundModel } from '../judging/model.ts'
import { unjudged } from '../judging/unjudged.ts'
import { judgmentsAllowed } from '../runs/court.ts'
import type { OpenedJudge } from './open-judge.ts'
import { judgeFingerprint, type RunItem } from './run-item.ts'
import { type ResultJudge, type ResultLine, resultOutput } from './run-result.ts'

/** A judge as a run asks it. */
export interface RunJudge {
  readonly facts: ResultJudge
  /** Models that it asks and whose price is not known, as `provider/model`. */
  readonly withoutPrice: readonly string[]
  /** Judgments at once that its models take now, so that no call of them waits. */
  allowedNow(): number
  /**
   * Judges a record. One for which the instructions can't be rendered ends as `invalid_request`.
   * @throws what every record would meet, such as AssizeError `tool_not_served`; the signal's reason
   */
  judge(item: RunItem, signal: AbortSignal): Promise<RunJudgment>
}

export interface RunJudgment {
  readonly judgment: FlaggedJudgment
  readonly line: ResultLine
}

/** @throws AssizeError `model_not_served` */
export function createRunJudge(opened: OpenedJudge, samples: number): RunJudge {
  const { definition, saved } = opened
  const models = opened.models()
  const wanted: Wanted = { samples, wantsDistribution: samples > 1 }
  const facts: ResultJudge = {
    judge_name: definition.name,
    judge_fingerprint: judgeFingerprint(definition, samples),
    judge_id: saved?.judgeId ?? null,
    revision_id: saved?.revisionId ?? null,
    run_id: null,
    output: resultOutput(definition.output),
  }
  return {
    facts,
    withoutPrice: models
      .filter(({ provider, modelName }) => opened.priceOf(provider, modelName) === undefined)
      .map(({ provider, modelName }) => `${provider}/${modelName}`),
    allowedNow: () => judgmentsAllowed({ found: models, definition, run: { samples } }, () => 1),
    async judge(item, signal) {
      const judgment = await opened
        .judge(item.material, signal, wanted)
        .catch((error: unknown) => failedRecord(error, models))
      return { judgment, line: resultOf(item, judgment, facts, opened) }
    },
  }
}

/** What is wrong with one record ends no run. */
function failedRecord(error: unknown, [model]: readonly FoundModel[]): FlaggedJudgment {
  const isOfRecord =
    error instanceof AssizeError && ['template_failed', 'conversation_invalid'].includes(error.situation)
  if (!isOfRecord || model === undefined) throw error
  return unjudged(error.message, model)
}

function resultOf(
  item: RunItem,
  judgment: FlaggedJudgment,
  facts: ResultJudge,
  { priceOf }: OpenedJudge,
): ResultLine {
  const made = {
    id: '',
    workspaceId: '',
    judgeId: '',
    revisionId: '',
    createdAt: new Date(),
    run: null,
    material: item.material,
    judgment,
  }
  const kept = { keepAnalysis: true, keepConversation: false }
  const { id, judge_id, revision_id, run_id, item_number, record_id, ...said } = judgmentDocument(
    toJudgmentRecord(made, kept, priceOf),
  )
  return { id: item.id, line: item.line, ...said, ...facts, input_fingerprint: item.fingerprint }
}
