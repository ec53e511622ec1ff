import { type Model, ModelFailure } from '../judging/model.ts'
import { ProviderRefusal } from './provider-error.ts'
import type { ChatCompletions, RequestForm } from './providers/chat-completions.ts'

/**
 * A model that is asked by the strictest means it takes. The first refusal that names a response format or a
 * parameter teaches to go one step down, or to leave that parameter out; what was learnt is kept for that
 * model, and the same call is made again at once.
 */
export function createStructuredModel(client: ChatCompletions, startForm: RequestForm): Model {
  const learnt = new Map<string, RequestForm>()
  return {
    async complete(request, signal) {
      for (;;) {
        const form = learnt.get(request.modelName) ?? startForm
        try {
          return await client.complete(request, form, signal)
        } catch (error) {
          const humbler = error instanceof ModelFailure ? humblerForm(form, error) : undefined
          if (humbler === undefined) throw error
          learnt.set(request.modelName, humbler)
        }
      }
    },
  }
}

/**
 * The form to try after a refusal, or undefined where the refusal is about something else. Each step gives
 * something up for good, so the steps come to an end.
 */
export function humblerForm(form: RequestForm, failure: ModelFailure): RequestForm | undefined {
  const refusal = failure.cause
  if (failure.kind !== 'invalid_request' || !(refusal instanceof ProviderRefusal)) return undefined
  if (![400, 404, 405, 415, 422, 501].includes(refusal.status)) return undefined
  const words = refusal.message
  return otherTokenLimit(form, words) ?? withoutTemperature(form, words) ?? nextEnforcement(form, words)
}

function otherTokenLimit(form: RequestForm, words: string): RequestForm | undefined {
  if (form.tokenLimitName === null || !/max_(?:completion_)?tokens/i.test(words)) return undefined
  // The newer name is tried first or second, never both: then the limit is left out.
  const isNewer = form.tokenLimitName === 'max_completion_tokens'
  if (!isNewer && /max_completion_tokens/i.test(words))
    return { ...form, tokenLimitName: 'max_completion_tokens' }
  return { ...form, tokenLimitName: null }
}

function withoutTemperature(form: RequestForm, words: string): RequestForm | undefined {
  return form.hasTemperature && /temperature/i.test(words) ? { ...form, hasTemperature: false } : undefined
}

const aboutFormat =
  /response[_ ]?format|json[_ ]?schema|json[_ ]?(?:object|mode)|structured[_ ]?outputs?|guided|grammar|schema|minimum|maximum|additionalProperties/i

function nextEnforcement(form: RequestForm, words: string): RequestForm | undefined {
  if (form.enforcement === 'text' || !aboutFormat.test(words)) return undefined
  return { ...form, enforcement: form.enforcement === 'json_schema' ? 'json_object' : 'text' }
}
