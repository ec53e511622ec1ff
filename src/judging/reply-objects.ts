/** A JSON object found in a reply. */
export interface ReplyObject {
  readonly value: Readonly<Record<string, unknown>>
  /** The object's own keys as written, repeated ones included. */
  readonly keys: readonly string[]
  /** The object as it stands in the reply. */
  readonly text: string
}

export interface ReplyObjects {
  readonly objects: readonly ReplyObject[]
  /** Whether braces that begin no object hold an answer. */
  readonly hasBrokenAnswer: boolean
}

const reasoningTags = /[<[](\/?)(?:think|thinking|thought|reasoning)[>\]]/giy
const answerKey = /\banswer\b["'`“”‘’\\]*\s*[:=]/i

/** Each start of an object that leads nowhere may cost a scan of the rest; real replies have a handful. */
const maxFailedStarts = 200

/** More than models write beside a judgment. Looking through it would hold up all other judgments meanwhile. */
const maxLength = 1_000_000

/**
 * Finds the JSON objects of a reply, outermost only, leaving out reasoning blocks. A closing reasoning tag
 * without an opening one means that all before it was reasoning. Tags and braces inside an object's strings
 * are text.
 * @param reply what the model said, of any length
 * @returns undefined when the reply is too broken or too long to look through at reasonable cost
 */
export function findReplyObjects(reply: string): ReplyObjects | undefined {
  if (reply.length > maxLength) return undefined
  let found = nothingFound()
  let failedStarts = 0
  for (let at = 0; at < reply.length; ) {
    const tag = tagAt(reply, at)
    const object = reply[at] === '{' ? objectAt(reply, at) : undefined
    if (tag) {
      if (tag.isClosing) found = nothingFound()
      at = tag.isClosing ? tag.end : endOfReasoning(reply, tag.end)
    } else if (object) {
      found.objects.push(object.object)
      found.hasAnswerInsideBroken ||= found.openBraces > 0 && object.object.keys.includes('answer')
      at = object.end
    } else {
      if (reply[at] === '{') failedStarts += 1
      if (failedStarts > maxFailedStarts) return undefined
      takeLoose(found, reply[at] ?? '')
      at += 1
    }
  }
  return {
    objects: found.objects,
    hasBrokenAnswer: found.hasAnswerInsideBroken || answerKey.test(found.brokenText),
  }
}

interface Found {
  readonly objects: ReplyObject[]
  /** Braces open at this point that begin no object. */
  openBraces: number
  /** All text inside such braces. */
  brokenText: string
  hasAnswerInsideBroken: boolean
}

function nothingFound(): Found {
  return { objects: [], openBraces: 0, brokenText: '', hasAnswerInsideBroken: false }
}

function takeLoose(found: Found, character: string): void {
  if (character === '{') found.openBraces += 1
  else if (character === '}' && found.openBraces > 0) found.openBraces -= 1
  if (found.openBraces > 0 || character === '}') found.brokenText += character
}

function tagAt(text: string, at: number): { isClosing: boolean; end: number } | undefined {
  const first = text[at]
  if (first !== '<' && first !== '[') return undefined
  reasoningTags.lastIndex = at
  const match = reasoningTags.exec(text)
  return match ? { isClosing: match[1] === '/', end: reasoningTags.lastIndex } : undefined
}

/** Reasoning that never ends takes the rest of the reply with it. */
function endOfReasoning(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const tag = tagAt(text, at)
    if (tag?.isClosing) return tag.end
  }
  return text.length
}

function objectAt(text: string, start: number): { object: ReplyObject; end: number } | undefined {
  const end = endOfObject(text, start)
  if (end === undefined) return undefined
  const object = parseObject(text.slice(start, end))
  return object && { object, end }
}

/**
 * The object that this text is, or undefined. Line breaks and tabs inside strings, which JSON wants escaped,
 * are taken as they stand: they leave no doubt about what was meant.
 */
export function parseObject(text: string): ReplyObject | undefined {
  const value = parseJson(text) ?? (text.length > maxLength ? undefined : parseJson(escapeControls(text)))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return { value: value as Record<string, unknown>, keys: ownKeys(text), text }
}

/** The value, or undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** String by string: an expression for them would look for the end of one that has none from every quote in it. */
function escapeControls(text: string): string {
  const pieces: string[] = []
  let from = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', from)) {
    const end = endOfString(text, at)
    if (end === undefined) break
    pieces.push(text.slice(from, at), text.slice(at, end).replace(/\p{Cc}/gu, escapeControl))
    from = end
  }
  return pieces.join('') + text.slice(from)
}

function escapeControl(character: string): string {
  return JSON.stringify(character).slice(1, -1)
}

/** The index after the brace that closes the one at `start`, braces in strings apart. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at)
      if (end === undefined) return undefined
      at = end - 1
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return undefined
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  return undefined
}

/** `JSON.parse` keeps the last of two equal keys in silence, so they are read apart. */
function ownKeys(text: string): string[] {
  const keys: string[] = []
  let depth = 0
  for (let at = text.indexOf('{'); at >= 0 && at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at) ?? text.length
      if (depth === 1 && /^\s*:/.test(text.slice(end, end + 20)))
        keys.push(String(parseJson(text.slice(at, end))))
      at = end - 1
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
  }
  return keys
}
