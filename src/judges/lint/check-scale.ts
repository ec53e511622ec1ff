import type { Definition, Output } from '../definition.ts'
import { labelKey } from './check-output.ts'
import { type Check, lineAt, type Sight } from './finding.ts'
import { type Sentence, sentencesOf, tellsHowToAnswer } from './sentences.ts'

const number = String.raw`\d+(?:\.\d+)?`
/** What may follow a scale: a unit such as "words" means that it is none. */
const end = String.raw`(?=\s*(?:$|[.,;:!?)("“”]|where|stars?|points?|scale|for|based|on|how|in|with|as|according|depending|by))`
const ranges = [
  new RegExp(
    String.raw`\b(?:from|between)\s+(?<min>${number})\s*(?:to|and|through|-|–|—)\s*(?<max>${number})${end}`,
    'i',
  ),
  new RegExp(
    String.raw`\bscale (?:of|from)\s+(?<min>${number})\s*(?:to|through|-|–|—)\s*(?<max>${number})\b`,
    'i',
  ),
  new RegExp(String.raw`(?<![\d.])(?<min>${number})\s*(?:to|-|–|—)\s*(?<max>${number})\s+scale\b`, 'i'),
  new RegExp(String.raw`(?<!\d\s)\bout of (?<max>${number})${end}`, 'i'),
]
const speaksOfScore = /\b(?:scor(?:e|ing)|rat(?:e|ing)|scale|grade|points?|stars?|answer|number|mark|how)\b/i
/** A part of the scale that some case gets. */
const isPartial = /\b(?:if|when|unless|in case|means?|at (?:most|least))\b/i

/** Instructions that name another scale than the output has. */
export const scaleDiffers: Check = ({ instructions, output }) => {
  for (const sentence of sentencesOf(instructions)) {
    if (!speaksOfScore.test(sentence.text) || !tellsHowToAnswer(sentence)) continue
    const groups = ranges
      .map((range) => range.exec(sentence.text)?.groups)
      .find((found) => found !== undefined)
    if (groups === undefined) continue
    const max = Number(groups.max)
    const min = groups.min === undefined ? undefined : Number(groups.min)
    if (isNamed(min, max, output, sentence)) continue
    const named = min === undefined ? `a score out of ${max}` : `a scale from ${min} to ${max}`
    const message = `The instructions name ${named}, but the answer is ${answerOf(output)}; make them the same.`
    return [sight('scale_differs', instructions, sentence, message)]
  }
  return []
}

function isNamed(min: number | undefined, max: number, output: Output, { text }: Sentence): boolean {
  if (output.type === 'REGRESSION') {
    const isInside = (min ?? output.min) >= output.min && max <= output.max
    return (isInside && isPartial.test(text)) || (max === output.max && (min ?? output.min) === output.min)
  }
  const numbers = output.options.map(({ value }) => Number(/^\d+(?:\.\d+)?/.exec(value)?.[0] ?? Number.NaN))
  return numbers.includes(max) && (min === undefined || numbers.includes(min))
}

const pairs =
  'yes|no|true|false|pass|fail|passed|failed|correct|incorrect|good|bad|safe|unsafe|valid|invalid|relevant|irrelevant|positive|negative'
const asks = String.raw`\b(?:answer|reply|respond|return|output|say|choose|print|classify|label)\b`
/** `Answer yes or no`, `Reply with "safe" or "unsafe"`. */
const eitherLabel = new RegExp(
  String.raw`${asks}[^.\n]{0,30}?\s["'“‘*]*(?<one>${pairs})["'”’*]*\s*(?:or|/|,)\s*["'“‘*]*(?<other>${pairs})\b`,
  'i',
)
/** `Answer yes if ...`. */
const labelIf = new RegExp(
  String.raw`${asks}(?: with| as)?\s+["'“‘*]*(?<one>${pairs})["'”’*]*,? (?:if|when|where|only if|unless)\b`,
  'i',
)
/** `Answer "spam" if ...`, `Reply with "spam" or "ham"`. */
const quotedLabel =
  /\b(?:answer|reply|respond|return|output|choose|classify|label)\b(?: (?:with|as|it|either|only))*\s*["“](?<one>[^"“”]{1,40})["”](?:,? (?:if|when|where|only if|unless)\b|\s*(?:or|\/)\s*["“](?<other>[^"“”]{1,40})["”])/i

/** Instructions that name other labels than the output's options. */
export const labelsDiffer: Check = ({ instructions, output }) => {
  for (const sentence of sentencesOf(instructions)) {
    if (!tellsHowToAnswer(sentence)) continue
    const groups = [eitherLabel, labelIf, quotedLabel]
      .map((form) => form.exec(sentence.text)?.groups)
      .find((found) => found !== undefined)
    const named = [groups?.one, groups?.other].filter((label) => label !== undefined)
    const foreign = named.filter((label) => !isAnswer(label, output))
    if (foreign.length === 0) continue
    const labels = foreign.map((label) => JSON.stringify(label)).join(', ')
    const message = `The instructions ask for ${labels}, but the answer is ${answerOf(output)}; make them the same.`
    return [sight('labels_differ', instructions, sentence, message)]
  }
  return []
}

function isAnswer(label: string, output: Output): boolean {
  if (output.type === 'REGRESSION') return label.trim() !== '' && Number.isFinite(Number(label))
  const wanted = labelKey(label)
  return output.options.some(({ value }) => {
    const key = labelKey(value)
    return key === wanted || key.startsWith(`${wanted} `) || key.startsWith(`${wanted},`)
  })
}

function answerOf(output: Output): string {
  if (output.type === 'REGRESSION') return `a number from ${output.min} to ${output.max}`
  const values = output.options.slice(0, 5).map(({ value }) => JSON.stringify(value))
  return `one of ${values.join(', ')}${output.options.length > values.length ? ', ...' : ''}`
}

export function sight(
  code: Sight['code'],
  instructions: Definition['instructions'],
  { start }: Sentence,
  message: string,
): Sight {
  return { code, path: 'instructions', line: lineAt(instructions, start), message }
}
