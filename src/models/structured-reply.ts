import { type Model, ModelFailure, type ModelReply, type ModelRequest } from '../judging/model.ts'
import { countAttempts } from './count-attempts.ts'
import type { ChatCompletions } from './providers/chat-completions.ts'
import { readRefusal } from './read-refusal.ts'
import { meetBoth, type RequestForm, strictestForm, yieldIn } from './request-form.ts'
import { responseSchema } from './response-schema.ts'

/**
 * A model that is asked by the strictest means it takes. A refusal that names a response format or a parameter
 * teaches to go one step down, or to leave that parameter out: the call is made again at once, and what made it
 * succeed is kept for that model. What was wrong with one judge's schema is kept for that schema alone, so that
 * no judge weakens another's.
 */
export function createStructuredModel(client: ChatCompletions): Model {
  return new StructuredModel(client)
}

const maxSchemasKept = 1000

class StructuredModel implements Model {
  readonly #client: ChatCompletions
  readonly #learntOfModels = new Map<string, RequestForm>()
  readonly #learntOfSchemas = new Map<string, RequestForm>()

  constructor(client: ChatCompletions) {
    this.#client = client
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    let ofModel = this.#learntOfModels.get(request.modelName) ?? strictestForm
    let form = meetBoth(ofModel, this.#learntOfSchema(request))
    for (let attempts = 1; ; attempts += 1) {
      try {
        const reply = await this.#client.complete(request, form, signal)
        if (attempts > 1) this.#keep(request, ofModel, form)
        return attempts === 1 ? reply : { ...reply, attempts }
      } catch (error) {
        const refusal = readRefusal(error, {
          form,
          tokenLimitNames: this.#client.tokenLimitNames,
          hasBounds: request.output.type === 'REGRESSION',
        })
        if (refusal === undefined) {
          throw error instanceof ModelFailure ? countAttempts(error, attempts) : error
        }
        // Once a schema is met by itself, what follows from that says nothing of the model's other schemas.
        const isOfModel = !refusal.isOfThisSchema && form[refusal.respect] === ofModel[refusal.respect]
        if (isOfModel) ofModel = yieldIn(ofModel, refusal.respect)
        form = yieldIn(form, refusal.respect)
      }
    }
  }

  #learntOfSchema(request: ModelRequest): RequestForm {
    if (this.#learntOfSchemas.size === 0) return strictestForm
    return this.#learntOfSchemas.get(schemaKey(request)) ?? strictestForm
  }

  /** Calls that learnt at the same time may have learnt different things: all of it holds. */
  #keep(request: ModelRequest, ofModel: RequestForm, form: RequestForm): void {
    const { modelName } = request
    this.#learntOfModels.set(modelName, meetBoth(ofModel, this.#learntOfModels.get(modelName) ?? ofModel))
    if (form.format === ofModel.format && form.bounds === ofModel.bounds) return
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
