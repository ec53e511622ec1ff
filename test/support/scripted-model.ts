import type { ServedModels } from '../../src/assize-models.ts'
import { AssizeError } from '../../src/errors.ts'
import type { ShownModel } from '../../src/http/models.ts'
import type { Model, ModelReply, ModelRequest } from '../../src/judging/model.ts'

type Step =
  | string
  | Error
  | Partial<ModelReply>
  | ((request: ModelRequest, signal: AbortSignal) => Promise<Partial<ModelReply>>)

/** A model that says what it is told, in order, and records what it was asked. After its script it repeats the last. */
export class ScriptedModel implements Model {
  readonly requests: ModelRequest[] = []
  #script: Step[] = ['{"analysis": "as scripted", "answer": "approved"}']

  script(...steps: Step[]): void {
    this.#script = steps
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted()
    this.requests.push(request)
    const step = this.#script.length > 1 ? this.#script.shift() : this.#script[0]
    if (step instanceof Error) throw step
    const said =
      typeof step === 'function'
        ? await step(request, signal)
        : typeof step === 'string'
          ? { text: step }
          : step
    return {
      text: '',
      finish: 'stop',
      enforcement: 'json_schema',
      usage: { inputTokens: 10, outputTokens: 5 },
      attempts: 1,
      ...said,
    }
  }
}

/** Serves one scripted model under any name but those that start with `nobody`. */
export function servedModels(model: Model): ServedModels {
  const listed: ShownModel[] = [{ id: 'scripted', ownedBy: 'tests' }]
  return {
    find(modelName) {
      if (modelName.startsWith('nobody'))
        throw new AssizeError('model_not_served', `No provider serves "${modelName}".`)
      return { provider: 'scripted', modelName, model }
    },
    list: async () => listed,
    async [Symbol.asyncDispose]() {},
  }
}
