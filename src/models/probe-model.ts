import { ModelFailure, type ModelReply, type ModelRequest, type Sampling } from '../judging/model.ts'
import { LessonBook, type ProviderLessons } from './lesson-book.ts'
import { findParameters, findRungs, wordsOf } from './probe-findings.ts'
import type { ProviderClient } from './provider-client.ts'
import type { Step } from './read-refusal.ts'
import { type Format, type RequestForm, strictestForm } from './request-form.ts'
import { createSteadyModel, type SteadyModelSettings } from './steady-model.ts'
import { createStructuredModel, type StructuredReply } from './structured-reply.ts'

/** What a model is asked to find out what it takes. */
export interface ProbeMaterial {
  readonly classification: ModelRequest
  readonly regression: ModelRequest
  /** With a tool that is to be called first. */
  readonly calling: ModelRequest
  readonly sampling: Sampling
  /** Whether a reply to `classification` is a judgment. */
  isReadable(text: string): boolean
  /** Sees what is asked next, in words. */
  onStep(what: string): void
}

/** One thing that a model may take or not. */
export interface Finding {
  readonly what: string
  /** `ignored`: taken, and without effect. `absent`: the protocol has no such thing, so that it is not asked for. */
  readonly state: 'works' | 'unreadable' | 'ignored' | 'refused' | 'failed' | 'absent'
  /** The provider's words, or what is known instead. */
  readonly said?: string
}

export interface Probe {
  /** Ways to enforce the answer's form, strictest first, then parameters. */
  readonly findings: readonly Finding[]
  readonly hasReasoning: boolean
  /** Where the model could not be asked at all; nothing is kept then. */
  readonly failure?: ModelFailure
}

interface ProbeSettings {
  readonly client: ProviderClient
  /** Where what is found replaces what was learnt. */
  readonly lessons: ProviderLessons
  readonly steadiness: SteadyModelSettings
  readonly modelName: string
  readonly material: ProbeMaterial
}

/** What was asked and came of it: the words of a refusal by what was refused, and replies. */
export interface ProbeResults {
  readonly client: ProviderClient
  readonly refused: ReadonlyMap<string, string>
  /** The form that the model takes. */
  readonly form: RequestForm
  readonly classification: StructuredReply
  readonly regression: StructuredReply | ModelFailure
  readonly sampled: StructuredReply | ModelFailure
  readonly weighed: StructuredReply | ModelFailure
  readonly calling: StructuredReply | ModelFailure
  /** By forms that the ladder did not come to. */
  readonly lower: ReadonlyMap<Format, ModelReply | ModelFailure>
  isReadable(text: string): boolean
}

/**
 * Asks a model for everything that a judgment could ask for, as the ladder does but without what was learnt before,
 * and keeps what it takes. Throws the signal's reason.
 */
export async function probeModel(settings: ProbeSettings, signal: AbortSignal): Promise<Probe> {
  const { client, lessons, steadiness, modelName, material } = settings
  const { classification: request, regression: bounded, sampling, onStep } = material
  const refused = new Map<string, string>()
  const learnt = new LessonBook().of('', '')
  const ladder = createStructuredModel(client, {
    lessons: learnt,
    onRefusal(refusal, failure, form) {
      if ('respect' in refusal) refused.set(nameOfRefused(refusal, form, client), wordsOf(failure))
    },
  })
  using model = createSteadyModel(ladder, steadiness)
  const ask = (what: string, asked: ModelRequest): Promise<StructuredReply | ModelFailure> => {
    onStep(what)
    return replyOrFailure(() => model.complete(asked, signal), signal)
  }
  const classification = await ask('a judgment by the strictest form', request)
  if (classification instanceof ModelFailure) {
    return { findings: [], hasReasoning: false, failure: classification }
  }
  const regression = await ask('a judgment that is a number', bounded)
  const sampled = await ask('a temperature and a seed', { ...request, sampling })
  const weighed = await ask('probabilities', { ...request, wantsProbabilities: true })
  const calling = await ask('a call of a tool', material.calling)
  const form = learnt.find(modelName) ?? strictestForm(client.formats)
  const lower = await askLowerRungs(settings, form, signal)
  const { isReadable } = material
  const results = {
    client,
    refused,
    form,
    classification,
    regression,
    sampled,
    weighed,
    calling,
    lower,
    isReadable,
  }
  const rungs = findRungs(results)
  const best = rungs.find(({ state }) => state === 'works')
  const format = client.formats.find((one) => one === best?.what) ?? form.format
  await lessons.replace(modelName, { ...form, format })
  return {
    findings: [...rungs, ...findParameters(results)],
    hasReasoning: [classification, regression].some((one) => 'hasReasoning' in one && one.hasReasoning),
  }
}

async function askLowerRungs(
  { client, steadiness, material }: ProbeSettings,
  form: RequestForm,
  signal: AbortSignal,
): Promise<ReadonlyMap<Format, ModelReply | ModelFailure>> {
  const found = new Map<Format, ModelReply | ModelFailure>()
  for (const format of client.formats.slice(client.formats.indexOf(form.format) + 1)) {
    material.onStep(format)
    const rung = {
      complete: async (request: ModelRequest) => ({
        ...(await client.complete(request, { ...form, format }, signal)),
        attempts: 1,
      }),
    }
    using model = createSteadyModel(rung, steadiness)
    const reply = await replyOrFailure(() => model.complete(material.classification, signal), signal)
    found.set(format, reply)
  }
  return found
}

async function replyOrFailure<Reply>(
  ask: () => Promise<Reply>,
  signal: AbortSignal,
): Promise<Reply | ModelFailure> {
  try {
    return await ask()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ModelFailure) return error
    throw error
  }
}

function nameOfRefused({ respect }: Step, form: RequestForm, { tokenLimitNames }: ProviderClient): string {
  if (respect === 'format') return form.format
  return respect === 'tokenLimit' ? (tokenLimitNames[form.tokenLimit] ?? respect) : respect
}
