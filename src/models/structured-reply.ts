import { type Model, ModelFailure, type ModelReply, type ModelRequest } from '../judging/model.ts'
import { countAttempts } from './count-attempts.ts'
import { leftOut, wantsOf } from './left-out.ts'
import type { ProviderLessons } from './lesson-book.ts'
import type { ProviderClient, ProviderReply } from './provider-client.ts'
import { type Refusal, readRefusal } from './read-refusal.ts'
import { meetBoth, type RequestForm, strictestForm, yieldIn } from './request-form.ts'
import { SchemaLessons } from './schema-lessons.ts'

interface StructuredModelSettings {
  readonly lessons: ProviderLessons
  readonly nowMs?: () => number
  /** Sees what a model refuses, and the form that was refused. */
  readonly onRefusal?: (refusal: Refusal, failure: ModelFailure, form: RequestForm) => void
}

export interface StructuredReply extends ModelReply, Pick<ProviderReply, 'hasReasoning'> {
  /** What the request was in the end. */
  readonly form: RequestForm
}

export interface StructuredModel extends Model {
  complete(request: ModelRequest, signal: AbortSignal): Promise<StructuredReply>
}

/**
 * A model that is asked by the strictest means it takes. A refusal that names a response format or a parameter
 * teaches to go one step down, or to leave that parameter out: the call is made again at once, and what made it
 * succeed is kept for that model. What was wrong with one judge's schema is kept for that schema alone, so that
 * no judge weakens another's. Where a prompt fits and the tokens of the reply don't fit beside it, fewer are asked for.
 */
export function createStructuredModel(
  client: ProviderClient,
  settings: StructuredModelSettings,
): StructuredModel {
  return new ClimbingModel(client, settings)
}

/** A provider that takes no limit after so many lower ones takes none; each was lower than the one before. */
const mostLowerings = 4

/** What one reply is asked for, and what of it holds for the model. */
interface Attempt {
  readonly ofModel: RequestForm
  readonly form: RequestForm
  readonly maxOutputTokens: number
  readonly lowerings: number
}

class ClimbingModel implements StructuredModel {
  readonly #client: ProviderClient
  readonly #settings: StructuredModelSettings
  readonly #strictest: RequestForm
  readonly #schemas: SchemaLessons

  constructor(client: ProviderClient, settings: StructuredModelSettings) {
    this.#client = client
    this.#settings = settings
    this.#strictest = strictestForm(client.formats)
    this.#schemas = new SchemaLessons(settings.nowMs ?? Date.now)
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<StructuredReply> {
    const ofModel = this.#settings.lessons.find(request.modelName) ?? this.#strictest
    const form = meetBoth(ofModel, this.#schemas.find(request) ?? ofModel)
    let attempt: Attempt = { ofModel, form, maxOutputTokens: request.maxOutputTokens, lowerings: 0 }
    for (let attempts = 1; ; attempts += 1) {
      const asked = withLimit(request, attempt)
      try {
        const { leftOut: byClient = [], ...reply } = await this.#client.complete(asked, attempt.form, signal)
        if (attempt.ofModel !== ofModel) this.#settings.lessons.learn(request.modelName, attempt.ofModel)
        if (attempts > 1) this.#keepOfSchema(request, attempt)
        const left = [...leftOut(wantsOf(request), attempt.form, this.#client), ...byClient]
        return { ...reply, attempts, form: attempt.form, ...(left.length > 0 && { leftOut: left }) }
      } catch (error) {
        if (!(error instanceof ModelFailure)) throw error
        const next = this.#yield(error, asked, attempt)
        if (next === undefined) throw countAttempts(error, attempts - 1 + error.attempts)
        attempt = next
      }
    }
  }

  /** What to ask instead of what was refused; undefined where the call failed for another reason. */
  #yield(failure: ModelFailure, asked: ModelRequest, attempt: Attempt): Attempt | undefined {
    const { form, ofModel } = attempt
    const refusal = readRefusal(failure, { request: asked, form, client: this.#client })
    if (refusal === undefined) return undefined
    this.#settings.onRefusal?.(refusal, failure, form)
    if ('mostOutputTokens' in refusal) {
      if (attempt.lowerings >= mostLowerings) return undefined
      const { mostOutputTokens, isOfModel } = refusal
      const lowered = { ...attempt, lowerings: attempt.lowerings + 1 }
      if (!isOfModel) return { ...lowered, maxOutputTokens: mostOutputTokens }
      const capped = { mostOutputTokens }
      return { ...lowered, form: { ...form, ...capped }, ofModel: { ...ofModel, ...capped } }
    }
    const { respect, isOfThisSchema } = refusal
    const { formats } = this.#client
    // Once a schema is met by itself, what follows from that says nothing of the model's other schemas.
    const isOfModel = !isOfThisSchema && form[respect] === ofModel[respect]
    return {
      ...attempt,
      form: yieldIn(form, respect, formats),
      ofModel: isOfModel ? yieldIn(ofModel, respect, formats) : ofModel,
    }
  }

  #keepOfSchema(request: ModelRequest, { ofModel, form }: Attempt): void {
    if (form.format === ofModel.format && form.hasBounds === ofModel.hasBounds) return
    this.#schemas.learn(request, form)
  }
}

function withLimit(request: ModelRequest, { form, maxOutputTokens }: Attempt): ModelRequest {
  const most = Math.min(maxOutputTokens, form.mostOutputTokens ?? maxOutputTokens)
  return most === request.maxOutputTokens ? request : { ...request, maxOutputTokens: most }
}
