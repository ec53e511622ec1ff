import { type Model, ModelFailure } from '../judging/model.ts'
import { exceedsTokens } from './least-tokens.ts'

/** The same model, that is not called with a prompt that can't fit into its context, however it is counted. */
export function fitContext(model: Model, maxContextTokens: number): Model {
  return {
    async complete(request, signal) {
      if (!exceedsTokens(request.messages, maxContextTokens)) return model.complete(request, signal)
      throw new ModelFailure(
        'context_overflow',
        `The prompt is too long for ${request.modelName}: it has more words than the ${maxContextTokens} tokens of the model's context.`,
        { attempts: 0 },
      )
    },
  }
}
