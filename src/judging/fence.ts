import type { PromptMessage } from './model.ts'
import { defuseTemplateMarks } from './template-marks.ts'

/**
 * Puts text between tags. Of text that holds such tags already, since a template captured what it wrote, only
 * what is neither between them nor the template's own words is put between tags of its own.
 */
export function fence(text: string, boundary: string, instructions = ''): string {
  if (text === '') return text
  const [open, close] = [`<judged-${boundary}>`, `</judged-${boundary}>`]
  if (!text.includes('judged-')) return wrap(text, open, close)
  const pieces = text.split(new RegExp(`(${open}[\\s\\S]*?${close})`))
  const isCut = pieces.some((piece, at) => at % 2 === 0 && (piece.includes(open) || piece.includes(close)))
  if (isCut) return wrap(text.replaceAll(open, '').replaceAll(close, ''), open, close)
  return pieces
    .map((piece, at) => (at % 2 === 1 || instructions.includes(piece) ? piece : wrap(piece, open, close)))
    .join('')
}

function wrap(text: string, open: string, close: string): string {
  const separator = text.includes('\n') ? '\n' : ''
  return `${open}${separator}${defuse(text)}${separator}${close}`
}

/** Characters that show nothing, which a model may read past. */
const unseen = String.raw`\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff`
/** The beginning of a tag like the fence's, of any code and case. */
const fenceStart = new RegExp(
  `<(?=[/${unseen}]{0,20}${[...'judged'].join(`[${unseen}]{0,9}`)}[${unseen}]{0,9}[-‐-―−])`,
  'gi',
)

/** Writes apart what looks like a tag of the fence or like a mark of a chat template. */
export function defuse(text: string): string {
  return defuseTemplateMarks(text.replace(fenceStart, '< '))
}

/**
 * Whether all of these texts stand in what is judged, spaces aside: then a reply that holds them may only quote it.
 * @param prompt as `buildPrompt` made it with this boundary
 */
export function isQuoted(
  texts: readonly string[],
  prompt: readonly PromptMessage[],
  boundary: string,
): boolean {
  const fenced = new RegExp(`<judged-${boundary}>[\\s\\S]*?</judged-${boundary}>`, 'g')
  const material = prompt.flatMap(({ content }) => content.match(fenced) ?? []).join('\n')
  const judged = withoutSpaces(material)
  return texts.every((text) => judged.includes(withoutSpaces(defuse(text))))
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '')
}
