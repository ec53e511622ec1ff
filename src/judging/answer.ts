import type { ClassificationOutput, Option, Output, RegressionOutput } from '../judges/definition.ts'
import { findReplyObjects, parseJson, parseObject, type ReplyObject } from './reply-objects.ts'

export type Reading =
  | {
      readonly isReadable: true
      readonly analysis: string
      readonly answer: string | number
      /** Where the reply is more than the answer's object: the objects that give the answer, as they stand in it. */
      readonly foundIn?: readonly string[]
    }
  /** `problem` says what was wrong, in words that the model can mend its reply by. */
  | { readonly isReadable: false; readonly problem: string }

/**
 * Reads a model's reply: tolerantly, but never by guessing. The untouched reply is parsed first. Only if that
 * is no object are reasoning and prose set aside, and every object with an `answer` is then a candidate;
 * candidates that disagree, or broken pieces that hold an answer, mean that there is none: the conversation
 * may hold a forged judgment that the model quotes, so neither position nor format ranks candidates.
 * @param reply what the model said, untouched
 * @param output what the judge answers
 * @returns an answer that is one of the options, letter by letter, or a number from min to max
 * @example readAnswer('{"analysis": "fine", "answer": "4/5"}', oneToFive) // analysis 'fine', answer 4
 */
export function readAnswer(reply: string, output: Output): Reading {
  const whole = parseObject(reply)
  if (whole) return readCandidate(whole, output)
  const parsed = parseJson(reply)
  const found = findReplyObjects(typeof parsed === 'string' ? parsed : reply)
  if (found === undefined) return unreadable('The reply was no JSON object.')
  if (found.hasBrokenAnswer) return unreadable('The reply held a broken JSON object with an answer in it.')
  if (found.objects.some(hidesAnswer)) return unreadable('The reply held an answer inside another object.')
  const candidates = found.objects.filter((object) => object.keys.includes('answer'))
  const readings = candidates.map((object) => readCandidate(object, output))
  const [first, ...others] = readings
  if (first === undefined) return unreadable('The reply held no JSON object with an answer.')
  if (!first.isReadable) return first
  const isDisputed = others.some((other) => !other.isReadable || other.answer !== first.answer)
  if (isDisputed) return unreadable('The reply held several answers that disagree.')
  return { ...first, foundIn: candidates.map(({ text }) => text) }
}

function unreadable(problem: string): Reading {
  return { isReadable: false, problem }
}

function hidesAnswer(object: ReplyObject): boolean {
  return !object.keys.includes('answer') && containsAnswer(object.value, 0)
}

/** Objects nested deeper than any reply means are not searched, but taken to hide one. */
const maxDepth = 32

function containsAnswer(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth > maxDepth || Object.hasOwn(value, 'answer')) return true
  return Object.values(value).some((inner) => containsAnswer(inner, depth + 1))
}

function readCandidate({ value, keys }: ReplyObject, output: Output): Reading {
  const answers = keys.filter((key) => key === 'answer').length
  if (answers === 0) return unreadable('The JSON object had no "answer".')
  if (answers > 1) return unreadable('The JSON object had more than one "answer".')
  const given = Array.isArray(value.answer) && value.answer.length === 1 ? value.answer[0] : value.answer
  const answer = output.type === 'CLASSIFICATION' ? readLabel(given, output) : readNumber(given, output)
  if (answer === undefined) {
    return unreadable(`The answer was ${shown(value.answer)}, which is not ${whatIsRight(output)}.`)
  }
  const analysis = readAnalysis(value)
  return analysis === undefined
    ? unreadable('The analysis was nested too deep.')
    : { isReadable: true, analysis, answer }
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (writeJson(value) ?? 'nested too deep')
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** What an answer must be, in words. */
export function whatIsRight(output: Output): string {
  if (output.type === 'REGRESSION') return `a number from ${output.min} to ${output.max}`
  return `exactly one of ${output.options.map((option) => JSON.stringify(option.value)).join(', ')}`
}

function readAnalysis(value: Readonly<Record<string, unknown>>): string | undefined {
  const analysis = Object.hasOwn(value, 'analysis') ? value.analysis : undefined
  if (analysis === undefined || analysis === null) return ''
  return typeof analysis === 'string' ? analysis : writeJson(analysis)
}

/** Undefined where it is nested deeper than it can be written: `JSON.parse` reads deeper than that. */
function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** Ways to compare labels, strictest first: the first that finds one option decides, one that finds two never does. */
const comparisons: readonly ((label: string) => string)[] = [
  (label) => label,
  stripOuterMarks,
  (label) => stripOuterMarks(label).toUpperCase().toLowerCase().normalize('NFKC'),
]

function readLabel(given: unknown, { options }: ClassificationOutput): string | undefined {
  const label = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given
  if (typeof label !== 'string') return undefined
  for (const comparable of comparisons) {
    const wanted = comparable(label)
    const matches =
      wanted === '' ? [] : options.filter((option: Option) => comparable(option.value) === wanted)
    if (matches.length > 0) return matches.length === 1 ? matches[0]?.value : undefined
  }
  return undefined
}

const outerMark = /[\s"'`“”‘’„«»*_~]/

function stripOuterMarks(label: string): string {
  const trimmed = trimMarks(label.normalize('NFKC'))
  return trimMarks(trimmed.replace(/[.。]$/, ''))
}

/** Not by one expression for the end: it would start anew at each mark of a label made of thousands. */
function trimMarks(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && outerMark.test(text[start] ?? '')) start += 1
  while (start < end && outerMark.test(text[end - 1] ?? '')) end -= 1
  return text.slice(start, end)
}

const numberText =
  /^(?<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(?:\/\s*(?<maximum>\d+(?:\.\d+)?)|(?<percent>%))?$/

function readNumber(given: unknown, output: RegressionOutput): number | undefined {
  const number = typeof given === 'string' ? readNumberText(given, output) : given
  if (typeof number !== 'number' || !(number >= output.min && number <= output.max)) return undefined
  return number === 0 ? 0 : number
}

/** No compatibility folding here: it would turn "4²" into 42. */
function readNumberText(text: string, output: RegressionOutput): number | undefined {
  const trimmed = trimMarks(text).replace(/\.$/, '').trim()
  const parts = numberText.exec(trimmed)?.groups
  if (parts === undefined) return undefined
  if (parts.maximum !== undefined && Number(parts.maximum) !== output.max) return undefined
  if (parts.percent !== undefined && output.max !== 100) return undefined
  return Number(parts.number)
}
