import { AssizeError } from '../errors.ts'
import { fence } from './fence.ts'
import {
  type FoundModel,
  ModelFailure,
  type ModelReply,
  type ModelRequest,
  type PromptMessage,
  type ToolCall,
} from './model.ts'
import type { Tool } from './tool.ts'
import { keptArguments, type ToolUse } from './tool-use.ts'

/** What consulting tools needs of a judgment. */
export interface Consulting {
  readonly tools: readonly Tool[]
  /** How often the model may ask for tools, several at a time. */
  readonly maxRounds: number
  readonly boundary: string
  readonly elapsedMs: () => number
  readonly signal: AbortSignal
  /** One call of the model; it may call the tools. */
  ask(messages: readonly PromptMessage[]): Promise<ModelReply | ModelFailure>
  /** Sees each call of a tool once it has ended. */
  onUse(use: ToolUse): void
}

export interface Consultation {
  /** What the model said once it wanted no more tools, or why it said nothing; undefined where it still wants some. */
  readonly last: ModelReply | ModelFailure | undefined
  /** The model's calls and what they gave, in words, as material. */
  readonly findings: readonly string[]
}

/** More at a time than this are refused. */
const maxCallsPerRound = 8

/**
 * Lets the model call tools until it wants no more, or has asked as often as it may. What tools give is hostile text,
 * and stands between tags like the conversation. A tool that fails is shown to the model.
 * @throws ToolUnavailable where a tool can't be reached; the signal's reason
 */
export async function consultTools(
  prompt: readonly PromptMessage[],
  consulting: Consulting,
): Promise<Consultation> {
  const findings: string[] = []
  let messages = prompt
  for (let round = 0; round < consulting.maxRounds; round += 1) {
    const reply = await consulting.ask(messages)
    if (reply instanceof ModelFailure || !reply.toolCalls?.length) return { last: reply, findings }
    const answers = await Promise.all(
      reply.toolCalls.map((call, index) => callTool(call, index < maxCallsPerRound, consulting)),
    )
    messages = [
      ...messages,
      { role: 'assistant', content: reply.text, toolCalls: reply.toolCalls },
      ...answers.map(
        ({ call, fenced }): PromptMessage => ({ role: 'tool', content: fenced, toolCall: call }),
      ),
    ]
    findings.push(
      ...answers.map(
        ({ use, fenced }) => `${use.name} ${fence(use.arguments, consulting.boundary)}:\n${fenced}`,
      ),
    )
  }
  return { last: undefined, findings }
}

/** The tools that this program calls for a model, and what the model is offered. */
interface Shares {
  readonly called: readonly Tool[]
  readonly offered: Pick<ModelRequest, 'tools' | 'connectors'>
}

/**
 * Parts the tools that the model's provider runs from those that are called here.
 * @throws AssizeError `tool_not_served` where the provider doesn't run them
 */
export function shareOut(tools: readonly Tool[], { runsConnectors, provider }: FoundModel): Shares {
  const called = tools.filter(({ connector }) => connector === undefined)
  const run = tools.flatMap(({ connector, servedName }) => (connector ? [{ ...connector, servedName }] : []))
  const [first] = run
  if (first !== undefined && !runsConnectors) {
    throw new AssizeError(
      'tool_not_served',
      `tools: ${JSON.stringify(first.servedName)} is one of Mistral's connectors, which the provider ${provider} does not run. Take a model of a provider of type mistral, or another tool.`,
    )
  }
  return {
    called,
    offered: {
      ...(called.length > 0 && { tools: called }),
      ...(run.length > 0 && { connectors: run }),
    },
  }
}

interface Answer {
  readonly call: ToolCall
  readonly use: ToolUse
  /** For the model. */
  readonly fenced: string
}

async function callTool(call: ToolCall, isWithinLimit: boolean, consulting: Consulting): Promise<Answer> {
  const { tools, boundary, elapsedMs, signal } = consulting
  const startedMs = elapsedMs()
  const tool = tools.find(({ name }) => name === call.name)
  const args = parseArguments(call.arguments)
  const problem = problemOf(tool, args, isWithinLimit, tools)
  const result =
    tool === undefined || args === undefined || problem !== undefined
      ? { text: problem ?? '', isError: true }
      : await tool.call(args, signal)
  const use: ToolUse = {
    name: tool?.servedName ?? keptArguments(call.name),
    arguments: keptArguments(call.arguments),
    resultBytes: new TextEncoder().encode(result.text).length,
    latencyMs: Math.round(elapsedMs() - startedMs),
    outcome: problem !== undefined ? 'refused' : result.isError ? 'failed' : 'done',
  }
  consulting.onUse(use)
  return { call, use, fenced: result.text === '' ? '(empty)' : fence(result.text, boundary) }
}

/** Why a call can't be made, for the model. */
function problemOf(
  tool: Tool | undefined,
  args: Readonly<Record<string, unknown>> | undefined,
  isWithinLimit: boolean,
  tools: readonly Tool[],
): string | undefined {
  if (!isWithinLimit)
    return `No more than ${maxCallsPerRound} tools are called at a time. Call this one again if it is needed.`
  if (tool === undefined)
    return `There is no such tool. There is ${tools.map(({ name }) => name).join(', ')}.`
  return args === undefined ? 'The arguments are no JSON object.' : undefined
}

function parseArguments(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = text.trim() === '' ? {} : JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
