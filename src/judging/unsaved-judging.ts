import type { Definition } from '../judges/definition.ts'
import { checkInstructions } from '../judges/instructions.ts'
import type { Author } from '../judges/judges.ts'
import type { Budgets } from './budgets.ts'
import { readConversation } from './conversation.ts'
import type { JudgeMaterial, Material, Wanted } from './judging.ts'
import type { LiveJudgment } from './live-judging.ts'
import type { PromptMessage } from './model.ts'
import { costOf, type PriceOf } from './price.ts'
import { buildPrompt } from './prompt.ts'

export interface UnsavedJudgingTools {
  readonly judgeMaterial: JudgeMaterial
  readonly priceOf: PriceOf
  readonly budgets: Pick<Budgets, 'check'>
  /** A random code: at least 64 bits, letters and digits. */
  readonly newBoundary: () => string
}

/** What a definition does before it is saved. */
export interface UnsavedJudging {
  /**
   * Judges by a definition; nothing is kept of the judgment.
   * @throws AssizeError `template_syntax`, `budget_spent`, and what `JudgeMaterial` throws; the abandoned signal's reason
   */
  judge(
    author: Author,
    definition: Definition,
    material: Material,
    abandoned: AbortSignal,
    wanted?: Wanted,
  ): Promise<LiveJudgment>
  /**
   * The prompt with which a judgment of this conversation begins, with a boundary of its own; no model is asked.
   * @throws AssizeError `template_syntax`, `template_failed`, `conversation_invalid`
   */
  preview(definition: Definition, material: Material): readonly PromptMessage[]
}

/** The use cases of writing a judge: what it would say, and what its model would read. */
export function createUnsavedJudging(tools: UnsavedJudgingTools): UnsavedJudging {
  return {
    async judge({ workspaceId }, definition, material, abandoned, wanted) {
      checkInstructions(definition.instructions)
      await tools.budgets.check({ workspaceId, judgeId: null })
      const judgment = await tools.judgeMaterial(definition, material, abandoned, wanted, workspaceId)
      return { id: null, revisionId: null, judgment, cost: costOf(judgment, tools.priceOf) }
    },

    preview(definition, { messages, properties }) {
      checkInstructions(definition.instructions)
      const conversation = readConversation(messages, properties ?? {})
      return buildPrompt(definition, conversation, tools.newBoundary(), definition.tools.length > 0)
    },
  }
}
