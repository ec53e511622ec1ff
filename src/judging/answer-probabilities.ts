import type { ClassificationOutput, Output, RegressionOutput } from '../judges/definition.ts'
import { type Distribution, distributionOf, type WeighedAnswer } from './distribution.ts'
import type { ModelReply, ReplyToken } from './model.ts'
import { parseObject } from './reply-objects.ts'

/** What is not listed, or could become several answers, may have this share at most beside what is known. */
const mostUnknown = 0.05
/** A number that could go on after its token may do so with this probability at most. */
const mostLonger = 0.01

/**
 * The distribution of a reply's answer by the probabilities of its tokens: located by the answer's place in the
 * reply, summed over the ways to write an option, and renormalised over what is a valid answer.
 * @param reply what was said; its answer was read by the rules already
 * @param answer the answer that was read
 * @returns undefined where the model gave no probabilities, or where they leave more than 5% unknown
 */
export function distributionOfReply(
  reply: ModelReply,
  answer: string | number,
  output: Output,
): Distribution | undefined {
  if (reply.optionProbabilities !== undefined && output.type === 'CLASSIFICATION') {
    return distributionOf([...reply.optionProbabilities], output, 'token_probabilities')
  }
  const place = reply.tokens && placeOfAnswer(reply.text)
  if (reply.tokens === undefined || place === undefined) return undefined
  const tokens = tokensOf(reply.tokens, place)
  const weights =
    output.type === 'CLASSIFICATION'
      ? weighOptions(tokens, String(answer), output)
      : weighNumbers(tokens, Number(answer), output)
  return weights && distributionOf(weights, output, 'token_probabilities')
}

interface Place {
  readonly start: number
  readonly end: number
}

/** Where the value of the untouched reply's own "answer" stands; undefined where the reply is more than an object. */
function placeOfAnswer(text: string): Place | undefined {
  if (parseObject(text) === undefined) return undefined
  let depth = 0
  let isAnswer = false
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"(\s*:)?|[{}[\]]|[^\s"{}[\],:]+/g)) {
    if (isAnswer) return { start: index, end: index + token.length }
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    isAnswer = depth === 1 && /^"answer"\s*:$/.test(token)
  }
  return undefined
}

/** A token of the answer: what it and its alternatives say from the answer's first character on. */
interface AnswerToken {
  readonly text: string
  readonly alternatives: readonly { readonly text: string; readonly probability: number }[]
}

/** The tokens from the one in which the answer begins to the end of the reply. */
function tokensOf(tokens: readonly ReplyToken[], place: Place): readonly AnswerToken[] {
  const found: AnswerToken[] = []
  let at = 0
  for (const { text, alternatives } of tokens) {
    const lead = place.start - at
    at += text.length
    if (at <= place.start) continue
    const cut = Math.max(0, lead)
    const start = text.slice(0, cut)
    found.push({
      text: text.slice(cut),
      alternatives: alternatives.map((one) => ({
        text: one.text.startsWith(start) ? one.text.slice(cut) : one.text.trimStart(),
        probability: one.probability,
      })),
    })
  }
  return found
}

/**
 * Follows the reply's own tokens through the tree of options: at each one, alternatives that leave one option add to
 * it, and the token that was drawn leads on while it leaves several.
 */
function weighOptions(
  tokens: readonly AnswerToken[],
  answer: string,
  { options }: ClassificationOutput,
): readonly WeighedAnswer[] | undefined {
  const written = options.map(({ value }) => ({ value, text: JSON.stringify(value).toLowerCase() }))
  const weights: [string, number][] = []
  let [reached, unknown, before] = [1, 0, '']
  for (const token of tokens) {
    let next = 0
    unknown += reached * unlisted(token)
    for (const { text, probability } of token.alternatives) {
      const left = written.filter((option) => isOnTheWay(before + text.toLowerCase(), option.text))
      if (left.length === 1 && left[0]) weights.push([left[0].value, reached * probability])
      else if (left.length > 1 && text === token.text) next += reached * probability
      else if (left.length > 1) unknown += reached * probability
    }
    before += token.text.toLowerCase()
    reached = next
    if (reached === 0) break
  }
  return isKnown(weights, unknown) && weights.some(([value]) => value === answer) ? weights : undefined
}

/** Whether a text may become this option, or is it with something behind it. */
function isOnTheWay(text: string, option: string): boolean {
  return option.startsWith(text) || text.startsWith(option)
}

/**
 * Only where the number is one token's, and ends with it: of a number that goes on, what else it could have been is
 * not known.
 */
function weighNumbers(
  [token, next]: readonly AnswerToken[],
  answer: number,
  output: RegressionOutput,
): readonly WeighedAnswer[] | undefined {
  if (token === undefined) return undefined
  const longer = (next?.alternatives ?? []).filter(({ text }) => /^[\d.eE]/.test(text))
  const isEnded = /^\d+\s*[,}]/.test(token.text)
  if (!isEnded && (next === undefined || sumOf(longer) > mostLonger)) return undefined
  const weights = token.alternatives.flatMap(({ text, probability }): WeighedAnswer[] => {
    const number = /^(\d+)\s*[,}]?\s*$/.exec(text)?.[1]
    const isValid = number !== undefined && Number(number) >= output.min && Number(number) <= output.max
    return isValid ? [[Number(number), probability]] : []
  })
  return isKnown(weights, unlisted(token)) && weights.some(([value]) => value === answer)
    ? weights
    : undefined
}

/** What a valid answer could not be is left out on purpose; what may be one and isn't known must be little. */
function isKnown(weights: readonly WeighedAnswer[], unknown: number): boolean {
  const known = weights.reduce((sum, [, weight]) => sum + weight, 0)
  return known > 0 && unknown <= mostUnknown * (known + unknown)
}

function unlisted({ alternatives }: AnswerToken): number {
  return Math.max(0, 1 - sumOf(alternatives))
}

function sumOf(alternatives: readonly { readonly probability: number }[]): number {
  return alternatives.reduce((sum, { probability }) => sum + probability, 0)
}
