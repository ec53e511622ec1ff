import type { Conversation } from './conversation.ts'
import { type Sign, signs } from './hostile-signs.ts'
import { findInvisible } from './invisible-characters.ts'
import { hasTemplateMark } from './template-marks.ts'
import { createWordFinder, type WordFinder } from './word-finder.ts'

/** What can be seen in a conversation of text that was made to sway its judge; see docs/hostile-text.md. */
export const flags = [
  'imitates_fence',
  'chat_template_marks',
  'reasoning_tags',
  'bidi_controls',
  'invisible_characters',
  'forged_judgment',
  'addresses_judge',
  'empty_response',
  'reasoning_opener',
] as const

/** Those of the conversation, and one of the judgment: the model wanted tools more often than it may. */
export type Flag = (typeof flags)[number] | 'tool_budget_exhausted'

/**
 * What was seen in a conversation: its texts, tool calls and properties. Flags never change an answer. They
 * are cheap and see only what is plain to see: none is a proof, and no flag is no proof either.
 * @returns each flag at most once, in the order of `flags`
 */
export function readFlags(conversation: Conversation): readonly Flag[] {
  const text = textOf(conversation)
  const seen = new Set<Flag>()
  const hidden = findInvisible(text)
  if (hidden?.hasBidiControls) seen.add('bidi_controls')
  if (hidden?.hasHidden) seen.add('invisible_characters')
  addSeenIn(text, seen)
  const plain = fold(hidden?.visible ?? text)
  if (plain !== text) addSeenIn(plain, seen)
  addSeenInResponse(conversation, seen)
  return seen.size === 0 ? none : flags.filter((flag) => seen.has(flag))
}

const none: readonly Flag[] = []

/** Matched by no pattern, so that none finds anything in two texts together. */
const betweenTexts = '\n\u0000\n'

function textOf({ turns, properties }: Conversation): string {
  const texts: string[] = []
  for (const { text, toolCalls, toolName } of turns) {
    if (text !== '') texts.push(text)
    if (toolName !== undefined) texts.push(toolName)
    for (const call of toolCalls) texts.push(call.name, call.arguments)
  }
  addStrings(properties, texts)
  return texts.length === 1 ? (texts[0] ?? '') : texts.join(betweenTexts)
}

function addStrings(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value)
  else if (Array.isArray(value)) for (const inner of value) addStrings(inner, texts)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      texts.push(key)
      addStrings(inner, texts)
    }
  }
}

/** Letters and brackets that only look like others: full-width, and bold or italic ones of mathematics. */
const lookalikes = /[\uff1c\uff1e\uff21-\uff3d\uff41-\uff5c\ufe64\ufe65]|\ud835/

function fold(text: string): string {
  return lookalikes.test(text) ? text.normalize('NFKC') : text
}

const hintSigns = signs.flatMap((sign) => sign.hints.map(() => sign))
/** Made when it is first needed: no start has to wait for it. */
let hintFinder: WordFinder | undefined

/** No pattern matches more than this many characters on either side of its hint. */
const reach = 400

interface Stretch {
  readonly from: number
  to: number
}

/** Only the stretches around hints are read closely; those that overlap are read once, together. */
function addSeenIn(text: string, seen: Set<Flag>): void {
  if (hasTemplateMark(text)) seen.add('chat_template_marks')
  const stretches = new Map<Sign, Stretch>()
  const read = ({ flag, pattern }: Sign, { from, to }: Stretch): void => {
    if (!seen.has(flag) && pattern.test(text.slice(from, to).toLowerCase())) seen.add(flag)
  }
  hintFinder ??= createWordFinder(signs.flatMap(({ hints }) => hints))
  hintFinder.visit(text, (hint, end) => {
    const sign = hintSigns[hint] as Sign
    const last = stretches.get(sign)
    const from = Math.max(0, end - reach)
    if (last !== undefined && from <= last.to) {
      last.to = end + reach
      return
    }
    if (last !== undefined) read(sign, last)
    stretches.set(sign, { from, to: end + reach })
  })
  for (const [sign, stretch] of stretches) read(sign, stretch)
}

const anythingSaid = /[\p{L}\p{N}\p{So}]/u

/**
 * Openers that by themselves fooled judges, from Zhao et al., "One Token to Fool LLM-as-a-Judge" (arXiv 2507.08794),
 * and others of their kind.
 */
const openers: ReadonlySet<string> = new Set([
  'thought process',
  'thoughts',
  'thinking process',
  'reasoning',
  'reasoning process',
  'analysis',
  'solution',
  'final solution',
  'answer',
  'final answer',
  'the answer is',
  'the final answer is',
  'explanation',
  'step by step',
  "let's solve this problem step by step",
  "let's think step by step",
  "let's solve this step by step",
  "let's think about this step by step",
  "let's break this down step by step",
  "let's work through this step by step",
  '解',
  '解答',
  '解説',
  'かいせつ',
  '思考过程',
  'respuesta',
  'solución',
  'réponse',
  'lösung',
  'antwort',
  'решение',
  'ответ',
])
const longestOpener = 60

function addSeenInResponse({ turns }: Conversation, seen: Set<Flag>): void {
  const response = turns.at(-1)
  if (response?.role !== 'assistant' || response.toolCalls.length > 0) return
  if (!anythingSaid.test(response.text)) seen.add('empty_response')
  else if (response.text.length <= longestOpener && openers.has(bare(response.text)))
    seen.add('reasoning_opener')
}

/** Without the marks around it. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
}
