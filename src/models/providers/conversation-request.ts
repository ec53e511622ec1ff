import type { ConversationRequest } from '@mistralai/mistralai/models/components'
import type { ModelRequest, PromptMessage } from '../../judging/model.ts'
import type { RequestForm } from '../request-form.ts'

type Tool = NonNullable<ConversationRequest['tools']>[number]
type Entry = Exclude<ConversationRequest['inputs'], string>[number]

/** A request of the Conversations API. With connectors, the form of the answer is left to the prompt. */
export function conversationRequest(request: ModelRequest, form: RequestForm): ConversationRequest {
  const { modelName, messages, sampling, maxOutputTokens } = request
  const temperature = sampling?.temperature ?? 0
  const hasTemperature = sampling === undefined ? form.hasZeroTemperature : form.hasTemperature
  return {
    model: modelName,
    store: false,
    instructions: messages
      .filter(({ role }) => role === 'system')
      .map(({ content }) => content)
      .join('\n\n'),
    inputs: messages.filter(({ role }) => role !== 'system').flatMap(entriesOf),
    tools: toolsOf(request),
    completionArgs: {
      ...(hasTemperature && { temperature }),
      ...(sampling !== undefined && form.hasSeed && { randomSeed: sampling.seed }),
      ...(form.tokenLimit === 0 && { maxTokens: maxOutputTokens }),
    },
  }
}

function entriesOf({ role, content, toolCalls = [], toolCall }: PromptMessage): Entry[] {
  if (role === 'tool') return [{ type: 'function.result', toolCallId: toolCall?.id ?? '', result: content }]
  if (role === 'user') return [{ type: 'message.input', role: 'user', content }]
  const said: Entry[] = content === '' ? [] : [{ type: 'message.output', role: 'assistant', content }]
  const calls = toolCalls.map(
    ({ id, name, arguments: args }): Entry => ({
      type: 'function.call',
      toolCallId: id,
      name,
      arguments: args,
    }),
  )
  return [...said, ...calls]
}

function toolsOf({ tools = [], connectors = [] }: ModelRequest): Tool[] {
  return [
    ...[...new Set(connectors.map(({ type }) => type))].map((type): Tool => {
      const libraryIds = connectors.filter((one) => one.type === type).flatMap((one) => one.libraryIds)
      return type === 'document_library' ? { type, libraryIds: [...new Set(libraryIds)] } : { type }
    }),
    ...tools.map(
      ({ name, description, parameters }): Tool => ({
        type: 'function',
        function: { name, description, parameters: { ...parameters } },
      }),
    ),
  ]
}
