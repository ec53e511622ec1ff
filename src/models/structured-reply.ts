import { type Model, ModelFailure, type ModelReply, type ModelRequest } from '../judging/model.ts'
import { countAttempts } from './count-attempts.ts'
import { leftOut, wantsOf } from './left-out.ts'
import type { ProviderClient } from './provider-client.ts'
import { type Refusal, readRefusal } from './read-refusal.ts'
import { meetBoth, type RequestForm, strictestForm, yieldIn } from './request-form.ts'
import { responseSchema } from './response-schema.ts'

/**
 * A model that is asked by the strictest means it takes. A refusal that names a response format or a parameter
 * teaches to go one step down, or to leave that parameter out: the call is made again at once, and what made it
 * succeed is kept for that model. What was wrong with one judge's schema is kept for that schema alone, so that
 * no judge weakens another's.
 */
export function createStructuredModel(client: ProviderClient): Model {
  return new StructuredModel(client)
}

const maxSchemasKept = 1000

class StructuredModel implements Model {
  readonly #client: ProviderClient
  readonly #strictest: RequestForm
  readonly #learntOfModels = new Map<string, RequestForm>()
  readonly #learntOfSchemas = new Map<string, RequestForm>()

  constructor(client: ProviderClient) {
    this.#client = client
    this.#strictest = strictestForm(client.formats)
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    let ofModel = this.#learntOfModels.get(request.modelName) ?? this.#strictest
    let form = meetBoth(ofModel, this.#learntOfSchema(request))
    for (let attempts = 1; ; attempts += 1) {
      try {
        const reply = await this.#client.complete(request, form, signal)
        if (attempts > 1) this.#keep(request, ofModel, form)
        const left = [...leftOut(wantsOf(request), form, this.#client), ...(reply.leftOut ?? [])]
        return { ...reply, attempts, ...(left.length > 0 && { leftOut: left }) }
      } catch (error) {
        const refusal = this.#refusalIn(error, request, form)
        if (refusal === undefined) {
          throw error instanceof ModelFailure ? countAttempts(error, attempts) : error
        }
        // Once a schema is met by itself, what follows from that says nothing of the model's other schemas.
        const isOfModel = !refusal.isOfThisSchema && form[refusal.respect] === ofModel[refusal.respect]
        if (isOfModel) ofModel = yieldIn(ofModel, refusal.respect, this.#client.formats)
        form = yieldIn(form, refusal.respect, this.#client.formats)
      }
    }
  }

  #refusalIn(error: unknown, request: ModelRequest, form: RequestForm): Refusal | undefined {
    return readRefusal(error, { request, form, client: this.#client })
  }

  #learntOfSchema(request: ModelRequest): RequestForm {
    if (this.#learntOfSchemas.size === 0) return this.#strictest
    return this.#learntOfSchemas.get(schemaKey(request)) ?? this.#strictest
  }

  /** Calls that learnt at the same time may have learnt different things: all of it holds. */
  #keep(request: ModelRequest, ofModel: RequestForm, form: RequestForm): void {
    const { modelName } = request
    this.#learntOfModels.set(modelName, meetBoth(ofModel, this.#learntOfModels.get(modelName) ?? ofModel))
    if (form.format === ofModel.format && form.hasBounds === ofModel.hasBounds) return
    const [oldest] = this.#learntOfSchemas.keys()
    if (this.#learntOfSchemas.size >= maxSchemasKept && oldest !== undefined) {
      this.#learntOfSchemas.delete(oldest)
    }
    this.#learntOfSchemas.set(schemaKey(request), form)
  }
}

function schemaKey({ modelName, output }: ModelRequest): string {
  return JSON.stringify([modelName, responseSchema(output)])
}
