import { createJudgeMaterial } from '../../src/assize-judging.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import type { Definition, Output } from '../../src/judges/definition.ts'
import type { JudgeMaterial } from '../../src/judging/judging.ts'
import type { FlaggedJudgment } from '../../src/judging/judgment.ts'
import { Directory } from '../../src/models/directory.ts'
import { createHostedProvider } from '../../src/models/hosted-provider.ts'
import { caseOf, modelNames, options } from './mixed-provider.ts'

/** How one judgment ended, and whether that is right. */
export interface MixedResult {
  readonly id: number
  /** The behaviour that it met. */
  readonly name: string
  /** An outcome, or `abandoned`. */
  readonly ended: string
  /** Undefined where all is well. */
  readonly fault: string | undefined
  readonly latencyMs: number
}

export interface MixedStack extends AsyncDisposable {
  readonly judgeMaterial: JudgeMaterial
  readonly deadlineMs: number
}

const classification: Output = {
  type: 'CLASSIFICATION',
  options: options.map((value) => ({ value, description: `It is ${value}.` })),
}
const regression: Output = {
  type: 'REGRESSION',
  min: 1,
  minDescription: 'bad',
  max: 5,
  maxDescription: 'good',
}

/** Time that a judgment may end after its deadline: the machine has other things to do. */
export const slackMs = 1000
/** When the caller of a judgment that is abandoned goes away. */
const patienceMs = 30

/** The whole of judging over hosted providers at this address, with a short deadline and hardly any backoff. */
export function createMixedStack(url: string, deadlineMs: number): MixedStack {
  const loaded = loadConfig({}, '.')
  const config: Config = {
    ...loaded,
    judging: { ...loaded.judging, deadlineMs, maxOutputTokens: 512, maxAttempts: 3 },
  }
  const providers = ['steady', 'limiting', 'stalling'].map((name) =>
    createHostedProvider(
      { name, type: 'openai', baseUrl: `${url}/${name}/v1`, models: [`${name}-*`], maxInFlight: 64 },
      undefined,
      { ...config.judging, random: () => Math.random() / 50 },
    ),
  )
  const directory = new Directory(providers, undefined)
  return {
    judgeMaterial: createJudgeMaterial(config, directory),
    deadlineMs,
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  }
}

/** The judge of a conversation: its model is one of those that refuse something, and of the provider that behaves so. */
export function definitionOf(id: number): Definition {
  const { isNumber, behaviour } = caseOf(id)
  const provider = behaviour.provider ?? 'steady'
  return {
    name: isNumber ? 'Quality of it' : 'Approval of it',
    description: '',
    modelName: `${provider}/${modelNames[id % modelNames.length]}`,
    output: isNumber ? regression : classification,
    instructions: 'Is it fine?',
    tools: [],
  }
}

export function materialOf(id: number) {
  return { messages: [{ role: 'user', content: `This is conversation number ${id}.` }] }
}

/** Judges the n-th conversation, and says whether it ended as it must. */
async function judgeMixed(stack: MixedStack, id: number): Promise<MixedResult> {
  const { name, behaviour, right } = caseOf(id)
  const caller = new AbortController()
  const gone = new Error('The caller went away.')
  if (behaviour.ends === 'abandoned') setTimeout(() => caller.abort(gone), patienceMs)
  const startedAt = performance.now()
  const judgment = await stack
    .judgeMaterial(definitionOf(id), materialOf(id), caller.signal)
    .catch((error: unknown) => error)
  const latencyMs = performance.now() - startedAt
  const late = latencyMs > stack.deadlineMs + slackMs ? `it took ${Math.round(latencyMs)} ms` : undefined
  if (judgment === gone) {
    const fault = behaviour.ends === 'abandoned' ? undefined : 'nobody had gone away'
    return { id, name, ended: 'abandoned', fault: fault ?? late, latencyMs }
  }
  if (judgment instanceof Error) return { id, name, ended: 'thrown', fault: String(judgment), latencyMs }
  const ended = judgment as FlaggedJudgment
  return { id, name, ended: ended.outcome, fault: faultOf(ended, behaviour.ends, right) ?? late, latencyMs }
}

/** What is wrong with how a judgment ended; undefined for nothing. */
export function faultOf(
  judgment: FlaggedJudgment,
  ends: ReturnType<typeof caseOf>['behaviour']['ends'],
  right: string | number,
): string | undefined {
  if (judgment.outcome === 'answered') {
    if (ends !== 'right') return `answered ${judgment.answer} where there is no answer`
    return judgment.answer === right ? undefined : `answered ${judgment.answer} where ${right} is right`
  }
  if (typeof ends !== 'string' && ends.includes(judgment.outcome)) return undefined
  return `${judgment.outcome} instead of ${ends}: ${judgment.reason}`
}

/** Judges conversations 0 to `count` - 1, so many at once. */
export async function judgeAllMixed(
  stack: MixedStack,
  count: number,
  { callers, onResult }: { callers: number; onResult: (result: MixedResult) => void | Promise<void> },
): Promise<void> {
  let next = 0
  async function call(): Promise<void> {
    for (let id = next++; id < count; id = next++) await onResult(await judgeMixed(stack, id))
  }
  await Promise.all(Array.from({ length: callers }, call))
}
