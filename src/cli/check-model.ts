import { readAnswer } from '../judging/answer.ts'
import { type FoundModel, ModelFailure, type ModelReply, type ModelRequest } from '../judging/model.ts'
import { checkLocalModel } from './check-local-model.ts'
import { type CheckMaterial, checkMaterial } from './check-material.ts'
import type { Io } from './commands.ts'
import { table } from './table.ts'

/** One thing that a model may take or not. */
export interface CheckFinding {
  readonly what: string
  readonly state: 'works' | 'unreadable' | 'ignored' | 'refused' | 'failed' | 'absent'
  readonly said?: string
}

/** Asks a hosted model for everything that could be asked; undefined for one of this process. */
export type Probe = (
  found: FoundModel,
  material: CheckMaterial & { onStep(what: string): void },
  signal: AbortSignal,
) => Promise<
  | {
      readonly findings: readonly CheckFinding[]
      readonly hasReasoning: boolean
      readonly failure?: ModelFailure
    }
  | undefined
>

/** What a judgment may take; a model that reasons before it answers spends more. */
const maxOutputTokens = 1024
const maxSaidLength = 120
/** Only a model of this process can be held to a grammar. */
const ofProcess: CheckFinding = { what: 'grammar', state: 'absent' }

/**
 * Asks a model for everything that a judgment could ask for and makes a judgment of each output type, and prints what
 * works. Gives the exit code.
 */
export async function checkModel(found: FoundModel, probe: Probe, io: Io): Promise<number> {
  const { provider, modelName, maxContextTokens } = found
  const material = checkMaterial(modelName, maxOutputTokens)
  const onStep = (what: string): void => {
    io.stderr.write(`asking for ${what}\n`)
  }
  io.stdout.write(`${provider}/${modelName}\n`)
  try {
    const probed = await probe(found, { ...material, onStep }, io.stop)
    const findings = probed
      ? [ofProcess, ...probed.findings]
      : await checkLocalModel(found.model, material, onStep, io.stop)
    const facts: (readonly string[])[] = []
    if (probed !== undefined && probed.failure === undefined) {
      facts.push(['reasoning', probed.hasReasoning ? 'seen' : 'not seen', ''])
    }
    facts.push(['context', maxContextTokens === undefined ? 'not known' : `${maxContextTokens} tokens`, ''])
    io.stdout.write(table([...findings.map(findingRow), ...facts]))
  } catch (error) {
    if (!io.stop.aborted) throw error
    io.stderr.write('Stopped.\n')
    return 1
  }
  const first = await judge(found, material.classification, io)
  const second = await judge(found, material.regression, io)
  return first && second ? 0 : 1
}

function findingRow({ what, state, said = '' }: CheckFinding): readonly string[] {
  const cut = said.length > maxSaidLength ? `${said.slice(0, maxSaidLength)}…` : said
  return [what, state === 'absent' ? '-' : state, cut]
}

async function judge({ model }: FoundModel, request: ModelRequest, io: Io): Promise<boolean> {
  const startedAt = performance.now()
  const result = await model.complete(request, io.stop).then(
    (reply) => describeReply(reply, request),
    (error: unknown) => describeFailure(error, io.stop),
  )
  const latencyMs = Math.round(performance.now() - startedAt)
  const state = result.works ? 'works ' : 'failed'
  io.stdout.write(`${state}  ${request.output.type}  ${latencyMs} ms  ${result.text}\n`)
  return result.works
}

interface CheckResult {
  readonly works: boolean
  readonly text: string
}

function describeReply(reply: ModelReply, { output }: ModelRequest): CheckResult {
  const reading = readAnswer(reply.text, output)
  const { inputTokens, outputTokens } = reply.usage
  const account = `by ${reply.enforcement}  ${inputTokens} + ${outputTokens} tokens  ${reply.attempts} call${reply.attempts === 1 ? '' : 's'}`
  if (!reading.isReadable) return { works: false, text: `${account}  ${reply.finish}: ${reading.problem}` }
  return { works: true, text: `${account}  ${JSON.stringify(reading.answer)}: ${reading.analysis}` }
}

function describeFailure(error: unknown, stop: AbortSignal): CheckResult {
  if (stop.aborted) return { works: false, text: 'stopped' }
  if (error instanceof ModelFailure) return { works: false, text: `${error.kind}: ${error.message}` }
  throw error
}
