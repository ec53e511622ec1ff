import type { Definition } from '../judges/definition.ts'
import { combineJudgments } from './combine-judgments.ts'
import { type Conversation, readConversation } from './conversation.ts'
import { majorityAndMean } from './decide.ts'
import { distributionOf } from './distribution.ts'
import { readFlags } from './flags.ts'
import { judgeConversation, type Toolbox } from './judge-conversation.ts'
import { judgeRepeatedly } from './judge-repeatedly.ts'
import type { FlaggedJudgment, Judgment } from './judgment.ts'
import type { FoundModel, ModelDirectory } from './model.ts'
import { findPanel, type Panel } from './panel.ts'
import type { Tool, ToolDirectory } from './tool.ts'

export interface JudgingTools {
  readonly models: ModelDirectory
  readonly panels: readonly Panel[]
  readonly toolDirectory: ToolDirectory
  /** How often a model may ask for tools in one judgment, several at a time. */
  readonly maxToolRounds: number
  /** A random code: at least 64 bits, letters and digits. */
  readonly newBoundary: () => string
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number
  readonly startDeadline: (deadlineMs: number, abandoned: AbortSignal) => Deadline
  readonly deadlineMs: number
  readonly maxOutputTokens: number
  /** Of each of several samples; 1 draws from the model's own probabilities. */
  readonly sampleTemperature: number
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

export const mostSamples = 32

/** How much is asked of a judgment. */
export interface Wanted {
  /** Judgments of each model, from 1 to `mostSamples`: with more than one, the answer is what most of them say. */
  readonly samples: number
  readonly wantsDistribution: boolean
}

/** Whose judge it is: a workspace may be held to some tools. */
type WorkspaceId = string | undefined

const answerAlone: Wanted = { samples: 1, wantsDistribution: false }

/**
 * Judges material by a definition, saved or not, within the deadline.
 * @throws AssizeError `conversation_invalid`, `tool_not_served`, `model_not_served`, `template_failed`; the
 *   abandoned signal's reason
 */
export type JudgeMaterial = (
  definition: Definition,
  material: Material,
  abandoned: AbortSignal,
  wanted?: Wanted,
  workspaceId?: WorkspaceId,
) => Promise<FlaggedJudgment>

/** Makes the function that every caller judges with. */
export function createJudging(tools: JudgingTools): JudgeMaterial {
  return async function judgeMaterial(definition, material, abandoned, wanted = answerAlone, workspaceId) {
    const conversation = readConversation(material.messages, material.properties ?? {})
    const judges = findJudges(definition.modelName, tools)
    using deadline = tools.startDeadline(tools.deadlineMs, abandoned)
    const task: Task = {
      definition,
      conversation,
      wanted,
      boundary: tools.newBoundary(),
      signal: deadline.signal,
      toolbox: toolboxOf(definition.tools, tools, workspaceId, deadline.signal),
    }
    const judgment =
      'panel' in judges ? await judgeByPanel(judges, task, tools) : await judgeByModel(judges, task, tools)
    const flags = readFlags(conversation)
    const { isToolBudgetExhausted } = judgment.account
    return { ...judgment, flags: isToolBudgetExhausted ? [...flags, 'tool_budget_exhausted'] : flags }
  }
}

/** The judge's tools, made ready once for all of its calls; undefined for a judge without. */
function toolboxOf(
  names: readonly string[],
  { toolDirectory, maxToolRounds }: JudgingTools,
  workspaceId: WorkspaceId,
  signal: AbortSignal,
): Toolbox | undefined {
  if (names.length === 0) return undefined
  let opened: Promise<readonly Tool[]> | undefined
  return {
    maxRounds: maxToolRounds,
    open: () => {
      opened ??= toolDirectory.open(names, workspaceId, signal)
      return opened
    },
  }
}

/** A panel and the models that it is of. */
interface Jury {
  readonly panel: Panel
  readonly members: readonly FoundModel[]
}

function findJudges(modelName: string, { panels, models }: JudgingTools): FoundModel | Jury {
  const panel = findPanel(panels, modelName)
  if (panel === undefined) return models.find(modelName)
  return { panel, members: panel.modelNames.map((name) => models.find(name)) }
}

interface Task {
  readonly definition: Definition
  readonly conversation: Conversation
  readonly wanted: Wanted
  /** The same for all calls, so that a provider needs to read their common beginning once. */
  readonly boundary: string
  readonly signal: AbortSignal
  readonly toolbox: Toolbox | undefined
}

async function judgeByPanel({ panel, members }: Jury, task: Task, tools: JudgingTools): Promise<Judgment> {
  const startedMs = tools.elapsedMs()
  const votes = await Promise.all(members.map((member) => judgeByModel(member, task, tools)))
  return combineJudgments(
    { votes, asked: members.length, method: 'members', rule: panel.rule },
    task.definition.output,
    { provider: 'panel', modelName: panel.name, latencyMs: Math.round(tools.elapsedMs() - startedMs) },
  )
}

async function judgeByModel(found: FoundModel, task: Task, tools: JudgingTools): Promise<Judgment> {
  const { definition, wanted } = task
  if (wanted.samples === 1) return withDistribution(await judgeOnce(found, task, tools), task)
  const startedMs = tools.elapsedMs()
  const votes = await judgeRepeatedly(wanted.samples, definition.output, (number) =>
    judgeOnce(found, task, tools, { temperature: tools.sampleTemperature, seed: number + 1 }),
  )
  const { provider, modelName } = found
  return combineJudgments(
    { votes, asked: wanted.samples, method: 'samples', rule: majorityAndMean },
    definition.output,
    { provider, modelName, latencyMs: Math.round(tools.elapsedMs() - startedMs) },
  )
}

function judgeOnce(
  found: FoundModel,
  { definition, conversation, wanted, boundary, signal, toolbox }: Task,
  { elapsedMs, maxOutputTokens }: JudgingTools,
  sampling?: { readonly temperature: number; readonly seed: number },
): Promise<Judgment> {
  return judgeConversation(definition, conversation, found, {
    boundary,
    elapsedMs,
    maxOutputTokens,
    signal,
    wantsDistribution: wanted.wantsDistribution,
    ...(sampling && { sampling }),
    ...(toolbox && { toolbox }),
  })
}

/** Where a model gives no probabilities, its one answer is all that is known. */
function withDistribution(judgment: Judgment, { definition, wanted }: Task): Judgment {
  if (!wanted.wantsDistribution || judgment.outcome !== 'answered' || judgment.distribution) return judgment
  return { ...judgment, distribution: distributionOf([[judgment.answer, 1]], definition.output, 'samples') }
}
