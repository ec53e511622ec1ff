import { AssizeError } from '../errors.ts'

interface ToolCall {
  readonly name: string
  /** As JSON text. */
  readonly arguments: string
}

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  /** Of a tool turn: the tool's name, where the message says it. */
  readonly toolName: string | undefined
}

/** Messages as a judge sees them, and what is known beside them. */
export interface Conversation {
  readonly turns: readonly Turn[]
  readonly properties: Readonly<Record<string, unknown>>
}

const roles: ReadonlyMap<unknown, Turn['role']> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
])

/**
 * Reads chat messages as Mistral's and OpenAI's APIs write them. Unknown fields are left out.
 * @param messages roles system, developer, user, assistant, tool or function; `content` a string, null or an
 *   array of chunks
 * @throws AssizeError `conversation_invalid` with the message's index
 */
export function readConversation(
  messages: readonly unknown[],
  properties: Readonly<Record<string, unknown>> = {},
): Conversation {
  if (messages.length === 0) throw invalid('messages', 'is empty', 'at least one message')
  refuseDeep(properties, 'properties')
  return { turns: messages.map(readMessage), properties }
}

/** Nothing that is judged nests deeper than a few levels; what does would end the stack of whoever reads it. */
export const mostLevels = 100

function refuseDeep(value: unknown, place: string): void {
  if (isDeeperThan(mostLevels, value)) {
    throw invalid(place, 'nests too deep', `at most ${mostLevels} levels`)
  }
}

/** Whether objects and arrays nest in more than so many levels. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner))
}

function invalid(place: string, found: string, expected: string): AssizeError {
  return new AssizeError('conversation_invalid', `${place} ${found}; expected ${expected}.`)
}

function readMessage(message: unknown, index: number): Turn {
  const place = `messages[${index}]`
  if (!isObject(message)) throw invalid(place, `is ${kindOf(message)}`, 'an object with a role and content')
  refuseDeep(message, place)
  const role = roles.get(message.role)
  if (role === undefined) {
    throw invalid(`${place}.role`, `is ${shown(message.role)}`, `one of ${[...roles.keys()].join(', ')}`)
  }
  return {
    role,
    text: readContent(message.content, `${place}.content`),
    toolCalls: role === 'assistant' ? readToolCalls(message, place) : [],
    toolName: typeof message.name === 'string' ? message.name : undefined,
  }
}

function readContent(content: unknown, place: string): string {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) {
    throw invalid(place, `is ${kindOf(content)}`, 'a string, null or an array of chunks')
  }
  return content
    .map((chunk, index) => readChunk(chunk, `${place}[${index}]`))
    .filter((text) => text !== '')
    .join('\n')
}

type Chunk = Readonly<Record<string, unknown>>

function textIn(field: string): (chunk: Chunk) => string | undefined {
  return (chunk) => (typeof chunk[field] === 'string' ? chunk[field] : undefined)
}

function attachment(kind: string, ...fields: string[]): (chunk: Chunk) => string | undefined {
  return (chunk) => {
    const names = fields.flatMap((field) => addressesIn(chunk[field]))
    return names.length === 0 ? undefined : `[${kind}: ${names.join(', ')}]`
  }
}

/** Chunk types, and what a judge that reads text sees of each; undefined where the chunk lacks its content. */
const chunkTypes: ReadonlyMap<string, (chunk: Chunk) => string | undefined> = new Map([
  ['text', textIn('text')],
  ['input_text', textIn('text')],
  ['output_text', textIn('text')],
  ['refusal', textIn('refusal')],
  ['thinking', (chunk: Chunk) => bracketed('thinking', chunk.thinking)],
  ['reasoning', (chunk: Chunk) => bracketed('thinking', chunk.reasoning ?? chunk.text ?? chunk.summary)],
  ['image_url', attachment('image', 'image_url')],
  ['input_image', attachment('image', 'image_url', 'file_id')],
  ['document_url', attachment('document', 'document_name', 'document_url')],
  ['file', attachment('file', 'file_id', 'file')],
  ['input_file', attachment('file', 'filename', 'file_id', 'file_url')],
  ['reference', attachment('reference', 'reference_ids')],
  ['tool_reference', attachment('reference', 'title', 'url', 'tool')],
  ['input_audio', attachment('audio', 'input_audio')],
  ['audio_url', attachment('audio', 'audio_url')],
  ['video_url', attachment('video', 'video_url')],
])

function readChunk(chunk: unknown, place: string): string {
  if (typeof chunk === 'string') return chunk
  if (!isObject(chunk)) throw invalid(place, `is ${kindOf(chunk)}`, 'a chunk, which is an object with a type')
  const type = chunk.type ?? (typeof chunk.text === 'string' ? 'text' : undefined)
  const read = typeof type === 'string' ? chunkTypes.get(type) : undefined
  if (read === undefined) {
    throw invalid(`${place}.type`, `is ${shown(type)}`, `one of ${[...chunkTypes.keys()].join(', ')}`)
  }
  const text = read(chunk)
  if (text === undefined) throw invalid(place, `has no content of its type ${shown(type)}`, `a field with it`)
  return text
}

function bracketed(kind: string, content: unknown): string {
  const parts = Array.isArray(content) ? content : [content]
  const texts = parts
    .map((part) => (isObject(part) ? part.text : part))
    .filter((part) => typeof part === 'string')
  return texts.length === 0 ? '' : `[${kind}: ${texts.join('\n')}]`
}

/** Addresses, names and ids; data that stands in the message itself is told by its size. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'number') return [String(value)]
  if (typeof value === 'string') return [/^data:/.test(value) ? inlineData(value) : value]
  if (Array.isArray(value)) return value.flatMap(addressesIn)
  if (!isObject(value)) return []
  const known = ['url', 'filename', 'file_id', 'format'].flatMap((field) => addressesIn(value[field]))
  return known.length > 0 ? known : ['inline']
}

function inlineData(url: string): string {
  const mediaType = /^data:([^;,]*)/.exec(url)?.[1] || 'data'
  return `${mediaType}, ${url.length} characters inline`
}

function readToolCalls(message: Chunk, place: string): ToolCall[] {
  const calls = message.tool_calls ?? (message.function_call ? [{ function: message.function_call }] : [])
  if (!Array.isArray(calls)) throw invalid(`${place}.tool_calls`, `is ${kindOf(calls)}`, 'an array or null')
  return calls.map((call, index) => readToolCall(call, `${place}.tool_calls[${index}]`))
}

function readToolCall(call: unknown, place: string): ToolCall {
  const called = isObject(call) ? (call.function ?? call.custom) : undefined
  if (!isObject(called) || typeof called.name !== 'string') {
    throw invalid(place, 'has no function with a name', '{"function": {"name": ..., "arguments": ...}}')
  }
  const given = called.arguments ?? called.input ?? {}
  return { name: called.name, arguments: typeof given === 'string' ? given : JSON.stringify(given) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value)?.slice(0, 100) ?? kindOf(value))
}
