import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import { readConversation } from './conversation.ts'
import { judgeConversation } from './judge-conversation.ts'
import type { Judgment } from './judgment.ts'
import type { ModelDirectory } from './model.ts'

export interface JudgingTools {
  readonly models: ModelDirectory
  /** A random code: at least 64 bits, letters and digits. */
  readonly newBoundary: () => string
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number
  readonly startDeadline: (deadlineMs: number, abandoned: AbortSignal) => Deadline
  readonly deadlineMs: number
  readonly maxOutputTokens: number
}

/** Aborts its signal with `DeadlinePassed` after its time, or with the reason for which nobody waits any more. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal
}

/** A conversation as it comes from outside. */
export interface Material {
  readonly messages: readonly unknown[]
  readonly properties?: Readonly<Record<string, unknown>> | null | undefined
}

/**
 * Judges material by a definition, saved or not, within the deadline.
 * @throws AssizeError `conversation_invalid`, `tool_not_served`, `model_not_served`, `template_failed`; the
 *   abandoned signal's reason
 */
export type JudgeMaterial = (
  definition: Definition,
  material: Material,
  abandoned: AbortSignal,
) => Promise<Judgment>

/** Makes the function that every caller judges with. */
export function createJudging(tools: JudgingTools): JudgeMaterial {
  return async function judgeMaterial(definition, material, abandoned) {
    const conversation = readConversation(material.messages, material.properties ?? {})
    refuseUnknownTools(definition.tools)
    const found = tools.models.find(definition.modelName)
    using deadline = tools.startDeadline(tools.deadlineMs, abandoned)
    return await judgeConversation(definition, conversation, found, {
      boundary: tools.newBoundary(),
      elapsedMs: tools.elapsedMs,
      maxOutputTokens: tools.maxOutputTokens,
      signal: deadline.signal,
    })
  }
}

/** Tools that a judge may name: this server has none yet. */
const servedTools: readonly string[] = []

function refuseUnknownTools(names: readonly string[]): void {
  const unknown = names.filter((name) => !servedTools.includes(name))
  if (unknown.length === 0) return
  const served = servedTools.length === 0 ? 'it has no tools' : `it has ${servedTools.join(', ')}`
  throw new AssizeError(
    'tool_not_served',
    `tools: this server does not have ${unknown.map((name) => JSON.stringify(name)).join(', ')}; ${served}.`,
  )
}
