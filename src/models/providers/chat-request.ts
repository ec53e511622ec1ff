import type { ModelRequest, PromptMessage } from '../../judging/model.ts'
import { enforcements, type RequestForm } from '../request-form.ts'
import { responseSchema } from '../response-schema.ts'

/** The body of a chat-completions request, written in this form. */
export function chatRequest(
  request: ModelRequest,
  form: RequestForm,
  tokenLimitNames: readonly string[],
): Readonly<Record<string, unknown>> {
  const body: Record<string, unknown> = {
    model: request.modelName,
    messages: form.systemRole === 0 ? request.messages : withoutSystemRole(request.messages),
  }
  if (form.temperature === 0) body.temperature = 0
  const limitName = tokenLimitNames[form.tokenLimit]
  if (limitName !== undefined) body[limitName] = request.maxOutputTokens
  const format = responseFormat(request, form)
  if (format !== undefined) body.response_format = format
  return body
}

function responseFormat(request: ModelRequest, form: RequestForm): unknown {
  switch (enforcements[form.format]) {
    case 'json_schema': {
      const schema = responseSchema(request.output, form.bounds === 0)
      return { type: 'json_schema', json_schema: { name: 'judgment', strict: true, schema } }
    }
    case 'json_object':
      return { type: 'json_object' }
    case 'text':
      return undefined
  }
}

function withoutSystemRole(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  const system = messages.filter((message) => message.role === 'system')
  const [first, ...others] = messages.filter((message) => message.role !== 'system')
  const opening = [...system, ...(first?.role === 'user' ? [first] : [])].map(({ content }) => content)
  const rest = first === undefined || first.role === 'user' ? others : [first, ...others]
  return [{ role: 'user', content: opening.join('\n\n') }, ...rest]
}
