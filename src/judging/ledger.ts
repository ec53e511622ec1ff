import type { Account } from './judgment.ts'
import { type FoundModel, ModelFailure, type ModelReply } from './model.ts'
import type { ToolUse } from './tool-use.ts'

/** What the calls of one judgment took. */
export interface Ledger {
  add(reply: ModelReply | ModelFailure): void
  addUse(use: ToolUse): void
  /** The model wanted tools more often than it may. */
  exhaustTools(): void
  close(): Account
}

/**
 * Adds up what the calls of one judgment take, from now on.
 * @param elapsedMs milliseconds on a clock that never goes back
 */
export function openLedger(found: FoundModel, elapsedMs: () => number): Ledger {
  const startedMs = elapsedMs()
  let enforcement: Account['enforcement'] = null
  let leftOut: readonly string[] = []
  let attempts = 0
  let inputTokens = 0
  let outputTokens = 0
  let isToolBudgetExhausted = false
  const toolUses: ToolUse[] = []
  return {
    add(reply) {
      attempts += reply.attempts
      if (reply instanceof ModelFailure) return
      enforcement = reply.enforcement
      leftOut = reply.leftOut ?? []
      toolUses.push(...(reply.toolUses ?? []))
      inputTokens += reply.usage.inputTokens
      outputTokens += reply.usage.outputTokens
    },
    addUse(use) {
      toolUses.push(use)
    },
    exhaustTools() {
      isToolBudgetExhausted = true
    },
    close: () => ({
      provider: found.provider,
      modelName: found.modelName,
      enforcement,
      leftOut,
      attempts,
      latencyMs: Math.round(elapsedMs() - startedMs),
      inputTokens,
      outputTokens,
      toolUses: [...toolUses],
      isToolBudgetExhausted,
    }),
  }
}
