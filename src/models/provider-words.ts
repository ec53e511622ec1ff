import { parseJson } from './parse-json.ts'

/** What a provider says of a request that it did not serve. */
export interface ProviderWords {
  /** Its own sentence, on one line, cut; where it is about a field, with the field's name. */
  readonly text: string
  /** Its own codes: `type`, `code` and the like, joined by spaces. */
  readonly codes: string
  /** The parameter that it is about. */
  readonly parameter: string | undefined
}

const maxTextLength = 300
/** More than any sentence; a page of HTML is not worth reading to its end. */
const maxReadLength = 8000
const deepest = 6

/**
 * Reads the body of an error in the shapes that providers have: `{"error": {...}}`, `{"error": "..."}`,
 * `{"message": ...}`, `{"detail": [...]}`, nested forms of them, a page of HTML, anything. What a provider
 * repeats of the request is left out: it holds the conversation, which must not pass for the provider's word.
 * @param secret taken out of the words, should they repeat it
 */
export function readProviderWords(body: string, secret: string | undefined): ProviderWords {
  const hidden = hideSecret(body, secret)
  const parsed = parseStructure(hidden)
  const found: Found = { codes: [], parameter: undefined }
  const sentences = parsed === undefined ? [hidden.slice(0, maxReadLength)] : sentencesIn(parsed, found, 0)
  return {
    text: cut(hideParts(oneLine(hideSecret(sentences.join('; '), secret).slice(0, maxReadLength)))),
    codes: hideSecret(found.codes.join(' '), secret).slice(0, maxTextLength),
    parameter: found.parameter,
  }
}

interface Found {
  readonly codes: string[]
  parameter: string | undefined
}

function sentencesIn(value: unknown, found: Found, depth: number): readonly string[] {
  if (depth > deepest) return []
  if (typeof value === 'string') {
    const nested = /^\s*[[{]/.test(value) ? parseStructure(value) : undefined
    if (nested !== undefined) return sentencesIn(nested, found, depth + 1)
    return value.trim() === '' ? [] : [withoutInput(value.slice(0, maxReadLength))]
  }
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.slice(0, 5).flatMap((part) => sentencesIn(part, found, depth + 1))
  const fields = value as Readonly<Record<string, unknown>>
  for (const code of [fields.type, fields.code, fields.status]) {
    if (typeof code === 'string') found.codes.push(code)
  }
  const place = Array.isArray(fields.loc) ? fields.loc.join('.') : undefined
  const parameter = place ?? fields.param
  if (typeof parameter === 'string' && parameter !== '') found.parameter ??= parameter
  const read = (part: unknown): readonly string[] => sentencesIn(part, found, depth + 1)
  const said = [fields.error, fields.message, fields.msg].flatMap(read)
  // Mistral's `detail` says what its `message` says.
  const sentences = [
    ...(said.length > 0 ? said : read(fields.detail)),
    ...read(fields.innererror),
    ...read(rawOf(fields.metadata)),
  ]
  return place === undefined ? sentences : sentences.map((sentence) => `${sentence} (${place})`)
}

/** OpenRouter's own sentence says nothing; what the provider behind it said is here. */
function rawOf(metadata: unknown): unknown {
  return typeof metadata === 'object' && metadata !== null && 'raw' in metadata ? metadata.raw : undefined
}

/** Pydantic's messages repeat the input that they are about. */
function withoutInput(text: string): string {
  return text.replace(/(?:['"]input['"]\s*:|\binput_value=)[\s\S]*/, '…')
}

function parseStructure(text: string): unknown {
  const parsed = parseJson(text)
  return typeof parsed === 'object' && parsed !== null ? parsed : undefined
}

function hideSecret(text: string, secret: string | undefined): string {
  return secret ? text.replaceAll(secret, '[key]') : text
}

/** Providers that quote a key that they refuse may quote its ends alone, with stars between them. */
function hideParts(text: string): string {
  return text.replace(/\b(?:sk|key)-[\w*-]{4,}|[\w-]{0,100}\*{3,}[\w-]{0,100}/g, '[key]')
}

function oneLine(text: string): string {
  return text
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^<>]{0,500}>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\ufffd\s]+/gu, ' ')
    .trim()
}

function cut(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text
}
