import type { Definition, Output } from '../judges/definition.ts'
import { type Reading, readAnswer } from './answer.ts'
import { distributionOfReply } from './answer-probabilities.ts'
import { type Asked, type CallModel, createCallModel, DeadlinePassed, deadlineReason } from './call-model.ts'
import { type Consultation, consultTools, shareOut } from './consult-tools.ts'
import type { Conversation } from './conversation.ts'
import { isQuoted } from './fence.ts'
import type { Judgment, NotAnswered } from './judgment.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { type FoundModel, ModelFailure, type ModelReply, type PromptMessage, type Sampling } from './model.ts'
import { buildPrompt, buildRepair, withFindings } from './prompt.ts'
import { parseObject } from './reply-objects.ts'
import { type Tool, ToolUnavailable } from './tool.ts'

/** What one judgment needs of the world. */
export interface JudgingTools {
  /** A random code for this call: at least 64 bits, letters and digits. */
  readonly boundary: string
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number
  readonly maxOutputTokens: number
  /** Aborted with `DeadlinePassed` when the time is up, or with another reason when nobody waits any more. */
  readonly signal: AbortSignal
  /** Of one of several judgments of the same conversation; absent: the likeliest. */
  readonly sampling?: Sampling
  /** Whether the answer's distribution is wanted, where the model tells it. */
  readonly wantsDistribution?: boolean
  /** What the model may call before it answers; absent: nothing. */
  readonly toolbox?: Toolbox
}

/** A judge's tools. */
export interface Toolbox {
  /** Makes them ready. Throws ToolUnavailable, AssizeError `tool_not_served`, the signal's reason. */
  open(): Promise<readonly Tool[]>
  /** How often a model may ask for some, several at a time. */
  readonly maxRounds: number
}

/** How often a model is asked to mend a reply that could not be read. */
const maxRepairs = 2

/**
 * Judges one conversation: builds the prompt, calls the model, reads the answer, and asks again where it
 * could not be read. The same for live judging, the command line and every other caller.
 * @returns what the judge said, or why it said nothing; never an answer that is not one by the judge's output
 * @throws AssizeError `template_failed` when the instructions can't be rendered; the signal's reason when
 *   nobody waits any more
 */
export async function judgeConversation(
  definition: Pick<Definition, 'instructions' | 'output'>,
  conversation: Conversation,
  found: FoundModel,
  tools: JudgingTools,
): Promise<Judgment> {
  const ledger = openLedger(found, tools.elapsedMs)
  const callModel = createCallModel(found, definition.output, tools, ledger)
  const opening = buildPrompt(definition, conversation, tools.boundary, tools.toolbox !== undefined)
  const consulted = await consult(opening, found, callModel, tools, ledger)
  if ('outcome' in consulted) return notAnswered(consulted, ledger)
  const prompt = withFindings(opening, consulted.findings, tools.boundary)
  let early = consulted.last
  let call: Call = {
    asked: { messages: prompt, maxOutputTokens: tools.maxOutputTokens, ...consulted.offered },
    repairsLeft: maxRepairs,
    mayRaiseLimit: true,
  }
  for (;;) {
    const reply = early ?? (await callModel(call.asked))
    early = undefined
    if (reply instanceof ModelFailure) {
      return notAnswered({ outcome: reply.kind, reason: reply.message }, ledger, reply.retryAfterMs)
    }
    const reading = ownAnswer(readAnswer(reply.text, definition.output), prompt, tools.boundary)
    if (reading.isReadable && isWhole(reply)) {
      const { analysis, answer } = reading
      const distribution = tools.wantsDistribution && distributionOfReply(reply, answer, definition.output)
      return {
        outcome: 'answered',
        analysis,
        answer,
        account: ledger.close(),
        ...(distribution && { distribution }),
      }
    }
    const next = askAgain(call, reply, reading.isReadable ? '' : reading.problem, {
      prompt,
      output: definition.output,
      boundary: tools.boundary,
    })
    if ('outcome' in next) return notAnswered(next, ledger)
    call = next
  }
}

/** Lets the model call the judge's tools; without any there is nothing to consult. */
async function consult(
  prompt: readonly PromptMessage[],
  found: FoundModel,
  callModel: CallModel,
  tools: JudgingTools,
  ledger: Ledger,
): Promise<Consulted | Ending> {
  const { toolbox, maxOutputTokens, signal } = tools
  if (toolbox === undefined) return { last: undefined, findings: [], offered: {} }
  try {
    const { called, offered } = shareOut(await toolbox.open(), found)
    const consultation = await consultTools(prompt, {
      ...tools,
      tools: called,
      maxRounds: toolbox.maxRounds,
      ask: async (messages) => {
        const reply = await callModel({ messages, maxOutputTokens, ...offered })
        // What was cut may have been the wish for a tool: an answer without it would know less than it could.
        if (reply instanceof ModelFailure || reply.finish !== 'length' || isWhole(reply)) return reply
        return callModel({ messages, maxOutputTokens: maxOutputTokens * 2, ...offered })
      },
      onUse: (use) => ledger.addUse(use),
    })
    if (consultation.last === undefined) ledger.exhaustTools()
    const { connectors } = offered
    return { ...consultation, offered: connectors ? { connectors } : {} }
  } catch (error) {
    if (error instanceof ToolUnavailable) return { outcome: 'tool_failed', reason: error.message }
    if (!(signal.reason instanceof DeadlinePassed)) throw error
    return { outcome: 'timed_out', reason: deadlineReason }
  }
}

interface Consulted extends Consultation {
  /** What the provider calls leaves no findings but the model's own words: until it has said some, it may call again. */
  readonly offered: Pick<Asked, 'connectors'>
}

interface Call {
  readonly asked: Asked
  readonly repairsLeft: number
  readonly mayRaiseLimit: boolean
}

type Ending = Pick<NotAnswered, 'outcome' | 'reason'>

/** Of a reply that was cut, what is missing could say something else, unless it is one JSON object to its end. */
function isWhole({ finish, text }: ModelReply): boolean {
  return finish === 'stop' || (finish === 'length' && parseObject(text) !== undefined)
}

/**
 * An answer that stands among other text, and word for word in what is judged, may be one that the model only quotes:
 * someone may have put it there.
 */
function ownAnswer(reading: Reading, prompt: readonly PromptMessage[], boundary: string): Reading {
  if (!reading.isReadable || reading.foundIn === undefined) return reading
  if (!isQuoted(reading.foundIn, prompt, boundary)) return reading
  return { isReadable: false, problem: 'The only answer in the reply is one that stands in the material.' }
}

/** The call to make after a reply without an answer, or how the judgment ends when none could help. */
function askAgain(
  call: Call,
  reply: ModelReply,
  problem: string,
  { prompt, ...wanted }: { prompt: readonly PromptMessage[]; output: Output; boundary: string },
): Call | Ending {
  const { maxOutputTokens } = call.asked
  switch (reply.finish) {
    case 'refused':
      return { outcome: 'refused', reason: 'The model refused to judge.' }
    case 'filtered':
      return { outcome: 'filtered', reason: "The provider's content filter stopped the reply." }
    case 'length':
      if (call.mayRaiseLimit)
        return {
          ...call,
          asked: { ...call.asked, maxOutputTokens: maxOutputTokens * 2 },
          mayRaiseLimit: false,
        }
      return { outcome: 'truncated', reason: `The reply was cut at ${maxOutputTokens} tokens.` }
    case 'stop':
      if (call.repairsLeft === 0) {
        return {
          outcome: 'unreadable',
          reason: `The model gave no valid answer after ${maxRepairs} repairs. ${problem}`,
        }
      }
      return {
        ...call,
        asked: {
          ...(reply.text.trim() === '' ? call.asked : { maxOutputTokens }),
          messages: buildRepair(prompt, reply.text, problem, wanted),
        },
        repairsLeft: call.repairsLeft - 1,
      }
  }
}

function notAnswered(ending: Ending, ledger: Ledger, retryAfterMs?: number): NotAnswered {
  return { ...ending, account: ledger.close(), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}
