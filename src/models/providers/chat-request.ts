import type { ModelRequest } from '../../judging/model.ts'
import type { ProviderClient } from '../provider-client.ts'
import { asksForProbabilities, type RequestForm } from '../request-form.ts'
import { responseSchema } from '../response-schema.ts'
import { chatMessage } from './chat-calls.ts'
import { judgmentTool } from './judgment-tool.ts'
import { withoutSystemRole } from './without-system-role.ts'

/** What differs between those who speak chat-completions. */
export type ChatDialect = Pick<ProviderClient, 'formats' | 'parameters' | 'tokenLimitNames'>

/** The body of a chat-completions request, written in this form. */
export function chatRequest(
  request: ModelRequest,
  form: RequestForm,
  dialect: ChatDialect,
): Readonly<Record<string, unknown>> {
  const limitName = dialect.tokenLimitNames[form.tokenLimit]
  return {
    model: request.modelName,
    messages: chatMessages(request, form),
    ...sampling(request, form, dialect),
    ...(limitName !== undefined && { [limitName]: request.maxOutputTokens }),
    ...probabilities(request, form, dialect),
    ...answerForm(request, form),
  }
}

function chatMessages({ messages, tools }: ModelRequest, form: RequestForm): readonly unknown[] {
  const said = form.hasSystemRole ? messages : withoutSystemRole(messages)
  return tools === undefined ? said : said.map(chatMessage)
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
  // Some providers take no response format beside tools, and the forced function would forbid the others.
  if (request.tools !== undefined) {
    const tools = request.tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters },
    }))
    return { tools, tool_choice: 'auto' }
  }
  const strict = form.isStrict && { strict: true }
  switch (form.format) {
    case 'json_schema': {
      const schema = responseSchema(request.output, form.hasBounds)
      return {
        response_format: { type: 'json_schema', json_schema: { name: judgmentTool.name, ...strict, schema } },
      }
    }
    case 'tool_call': {
      const parameters = responseSchema(request.output, form.hasBounds)
      return {
        tools: [{ type: 'function', function: { ...judgmentTool, ...strict, parameters } }],
        tool_choice: { type: 'function', function: { name: judgmentTool.name } },
      }
    }
    case 'json_object':
      return { response_format: { type: 'json_object' } }
    case 'text':
      return {}
  }
}
