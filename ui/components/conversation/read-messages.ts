/** A part of a message, as it is shown. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'image'; readonly url: string }
  | { readonly kind: 'attachment'; readonly name: string }
  | { readonly kind: 'json'; readonly value: unknown }

export interface ToolCall {
  readonly id: string | undefined
  readonly name: string
  readonly arguments: string
}

export interface ShownMessage {
  readonly role: string
  /** Who spoke, where the message says it. */
  readonly name: string | undefined
  readonly parts: readonly Part[]
  readonly toolCalls: readonly ToolCall[]
  /** Of a tool's result: the call that it answers. */
  readonly callId: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** Reads chat messages as they are kept, in any of the shapes that judges read; what is unknown is shown as JSON. */
export function readMessages(messages: readonly unknown[]): ShownMessage[] {
  return messages.map((message) => {
    const fields = fieldsOf(message)
    return {
      role: textOf(fields.role) ?? 'unknown',
      name: textOf(fields.name),
      parts: [...reasoningOf(fields), ...partsOf(fields.content)],
      toolCalls: toolCallsOf(fields),
      callId: textOf(fields.tool_call_id) ?? textOf(fields.toolCallId),
    }
  })
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function reasoningOf(fields: Fields): Part[] {
  const text = textOf(fields.reasoning_content) ?? textOf(fields.reasoning)
  return text === undefined ? [] : [{ kind: 'reasoning', text }]
}

function partsOf(content: unknown): Part[] {
  if (content === null || content === undefined || content === '') return []
  if (typeof content === 'string') return [{ kind: 'text', text: content }]
  return Array.isArray(content) ? content.map(partOf) : [{ kind: 'json', value: content }]
}

function partOf(chunk: unknown): Part {
  if (typeof chunk === 'string') return { kind: 'text', text: chunk }
  const fields = fieldsOf(chunk)
  const type = textOf(fields.type) ?? ''
  const text = textOf(fields.text) ?? textOf(fields.refusal)
  if (['text', 'input_text', 'output_text', 'refusal'].includes(type) && text !== undefined)
    return { kind: 'text', text }
  if (['thinking', 'reasoning'].includes(type))
    return {
      kind: 'reasoning',
      text: textsIn(fields.thinking ?? fields.reasoning ?? fields.text ?? fields.summary),
    }
  if (['image_url', 'input_image'].includes(type)) return imageOf(fields.image_url)
  const name = ['document_name', 'filename', 'document_url', 'file_url', 'file_id'].flatMap(
    (field) => textOf(fields[field]) ?? [],
  )[0]
  return name === undefined ? { kind: 'json', value: chunk } : { kind: 'attachment', name }
}

function textsIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textsIn).join('\n')
  return textOf(fieldsOf(value).text) ?? ''
}

/** An image that is in the record is shown; one that is elsewhere is named, since nothing is fetched from elsewhere. */
function imageOf(value: unknown): Part {
  const url = textOf(value) ?? textOf(fieldsOf(value).url) ?? ''
  return /^data:image\/(?:png|jpeg|gif|webp|avif);base64,/.test(url)
    ? { kind: 'image', url }
    : { kind: 'attachment', name: url === '' ? 'an image' : `image ${url.slice(0, 200)}` }
}

function toolCallsOf(fields: Fields): ToolCall[] {
  const calls = fields.tool_calls ?? fields.toolCalls
  if (!Array.isArray(calls)) return []
  return calls.map((call) => {
    const { id, function: called } = fieldsOf(call)
    const { name, arguments: given } = fieldsOf(called)
    return {
      id: textOf(id),
      name: textOf(name) ?? 'a tool without a name',
      arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
    }
  })
}
