import type { FlaggedJudgment } from './judgment.ts'
import type { FoundModel } from './model.ts'

/**
 * Of a conversation that could not be asked about, among others that go on: no call was made.
 * @param model the judge's, or the first of its panel
 */
export function unjudged(reason: string, model: FoundModel | undefined): FlaggedJudgment {
  return {
    outcome: 'invalid_request',
    reason,
    flags: [],
    account: {
      provider: model?.provider ?? '',
      modelName: model?.modelName ?? '',
      enforcement: null,
      leftOut: [],
      attempts: 0,
      latencyMs: 0,
      inputTokens: 0,
      outputTokens: 0,
      toolUses: [],
      isToolBudgetExhausted: false,
    },
  }
}
