import type { ModelRequest, PromptMessage } from '../../judging/model.ts'
import type { ProviderClient } from '../provider-client.ts'
import { asksForProbabilities, type RequestForm } from '../request-form.ts'
import { responseSchema } from '../response-schema.ts'

/** What differs between those who speak chat-completions. */
export type ChatDialect = Pick<ProviderClient, 'formats' | 'parameters' | 'tokenLimitNames'>

/** The function that a model is made to call where its reply can't be given a schema. */
export const judgmentTool = 'judgment'

/** The body of a chat-completions request, written in this form. */
export function chatRequest(
  request: ModelRequest,
  form: RequestForm,
  dialect: ChatDialect,
): Readonly<Record<string, unknown>> {
  const limitName = dialect.tokenLimitNames[form.tokenLimit]
  return {
    model: request.modelName,
    messages: form.hasSystemRole ? request.messages : withoutSystemRole(request.messages),
    ...sampling(request, form, dialect),
    ...(limitName !== undefined && { [limitName]: request.maxOutputTokens }),
    ...probabilities(request, form, dialect),
    ...answerForm(request, form),
  }
}

function sampling(
  { sampling: drawn }: ModelRequest,
  form: RequestForm,
  { parameters }: ChatDialect,
): Readonly<Record<string, unknown>> {
  if (drawn === undefined) return form.hasZeroTemperature ? { temperature: 0 } : {}
  const [seedName] = parameters.seed ?? []
  return {
    ...(form.hasTemperature && { temperature: drawn.temperature }),
    ...(form.hasSeed && seedName !== undefined && { [seedName]: drawn.seed }),
  }
}

function probabilities(
  { wantsProbabilities }: ModelRequest,
  form: RequestForm,
  { parameters }: ChatDialect,
): Readonly<Record<string, unknown>> {
  const isAsked = wantsProbabilities && asksForProbabilities(form) && parameters.probabilities
  return isAsked ? { logprobs: true, top_logprobs: form.alternatives } : {}
}

function answerForm(request: ModelRequest, form: RequestForm): Readonly<Record<string, unknown>> {
  const strict = form.isStrict && { strict: true }
  switch (form.format) {
    case 'json_schema': {
      const schema = responseSchema(request.output, form.hasBounds)
      return {
        response_format: { type: 'json_schema', json_schema: { name: judgmentTool, ...strict, schema } },
      }
    }
    case 'tool_call': {
      const parameters = responseSchema(request.output, form.hasBounds)
      const description = 'Gives the judgment: the analysis first, then the answer.'
      return {
        tools: [{ type: 'function', function: { name: judgmentTool, description, ...strict, parameters } }],
        tool_choice: { type: 'function', function: { name: judgmentTool } },
      }
    }
    case 'json_object':
      return { response_format: { type: 'json_object' } }
    case 'text':
      return {}
  }
}

function withoutSystemRole(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  const system = messages.filter((message) => message.role === 'system')
  const [first, ...others] = messages.filter((message) => message.role !== 'system')
  const opening = [...system, ...(first?.role === 'user' ? [first] : [])].map(({ content }) => content)
  const rest = first === undefined || first.role === 'user' ? others : [first, ...others]
  return [{ role: 'user', content: opening.join('\n\n') }, ...rest]
}
