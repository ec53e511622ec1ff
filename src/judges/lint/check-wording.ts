import { wordsOf } from '../instructions.ts'
import { sight } from './check-scale.ts'
import type { Check } from './finding.ts'
import { isToldOther, type Sentence, sentencesOf, tellsHowToAnswer } from './sentences.ts'

const otherFormats: readonly RegExp[] = [
  /\b(?:only|just|nothing but|solely|simply|exactly)\s+(?:with\s+)?(?:(?:the|a|an|one|your|single|final)\s+)*(?:word|letter|number|digit|label|score|rating|verdict|integer|token|character)s?\b(?! of\b)/i,
  /\b(?:a|one) single (?:word|letter|number|digit|label|integer|token|character)\b/i,
  /\b(?:in|as|using)\s+(?:valid\s+)?(?:XML|YAML|CSV|Markdown|HTML|TOML|plain text)\b/i,
  /\b(?:do not|don['’]t|never) (?:explain|give (?:any )?(?:reasons?|explanations?)|include (?:any )?(?:reasons?|explanations?|reasoning)|provide (?:any )?(?:reasons?|explanations?|reasoning|justification))\b/i,
  /\b(?:no|without) (?:any |an |further )?(?:explanations?|reasoning|justification)\b/i,
  /<(?:answer|score|verdict|rating|label|result|judge?ment|decision)>/i,
  /\bformat:?\s*["'`“]?(?:score|rating|answer|verdict|label|result)\s*:/i,
]
/** Marks that only a reader of replies needs, and an example of a reply, wherever they stand. */
const markedAnswer = /\[\[\s*\w+\s*\]\]/
const otherJson =
  /\b(?:output|outputs|reply|respond|return|json)\b[^{}?]{0,120}\{\s*["'“](?!analysis\b|answer\b)\w+["'”]\s*:/i

/** The model is told by the product to reply with `{"analysis", "answer"}`. */
export const otherReplyFormat: Check = ({ instructions }) => {
  const sentences = sentencesOf(instructions)
  const found =
    sentences.find(
      (sentence) =>
        markedAnswer.test(sentence.text) ||
        (isAboutReply(sentence) && otherFormats.some((format) => format.test(sentence.text))),
    ) ?? sentenceAt(sentences, otherJson.exec(wordsOf(instructions))?.index)
  if (found === undefined) return []
  const message =
    'The instructions ask for a reply in another form than {"analysis", "answer"}, which the model is always asked for; leave the form of the reply out.'
  return [sight('other_reply_format', instructions, found, message)]
}

function sentenceAt(sentences: readonly Sentence[], place: number | undefined): Sentence | undefined {
  const at = place === undefined ? undefined : sentences.findLast(({ start }) => start <= place)
  return at !== undefined && isToldOther(at) ? undefined : at
}

function isAboutReply(sentence: Sentence): boolean {
  if (sentence.text.endsWith('?')) return false
  return (
    tellsHowToAnswer(sentence) ||
    /^[-*\s]*(?:do not|don['’]t|never) (?:explain|give|include|provide)\b/i.test(sentence.text)
  )
}

const verdict = '(?:answer|score|verdict|label|rating|decision|grade|judge?ment)'
const reasons = '(?:explain|explanation|justify|justification|reasons|reasoning|rationale)'
const answerFirst: readonly RegExp[] = [
  new RegExp(
    String.raw`\b${verdict}\b[^.?!]{0,40}?\b(?:and then|then|followed by)\b[^.?!]{0,40}\b${reasons}\b`,
    'i',
  ),
  new RegExp(
    String.raw`\b${verdict}\b[^.?!]{0,20}?\bbefore\b[^.?!]{0,20}\b(?:${reasons}|explaining|justifying)\b`,
    'i',
  ),
  new RegExp(String.raw`\b${verdict} first\b[^.?!]{0,40}\b${reasons}\b`, 'i'),
]
/** "Explain your reasoning, then give the score" puts the reasons first. */
const reasonsFirst = new RegExp(String.raw`\b${reasons}\b[^.?!]{0,60}\b${verdict}\b`, 'i')

/** An answer that is given first can't follow from its reasons. */
export const answerBeforeReasons: Check = ({ instructions }) => {
  const found = sentencesOf(instructions).find(
    (sentence) =>
      tellsHowToAnswer(sentence) &&
      answerFirst.some((form) => form.test(sentence.text)) &&
      !reasonsFirst.test(sentence.text),
  )
  if (found === undefined) return []
  const message =
    'The instructions ask for the answer first and the reasons after it; the analysis comes first, so that the answer follows from it. Leave the order out.'
  return [sight('answer_before_reasons', instructions, found, message)]
}

/** Words for what a response may be measured by; those of one line go together. */
const criteria: Readonly<Record<string, string>> = {
  accuracy:
    'accurate|accuracy|factual|factuality|correct|correctness|truthful|truthfulness|faithful|faithfulness',
  tone: 'polite|politeness|friendly|friendliness|respectful|courteous|empathetic|empathy|professional|tone',
  safety: 'safe|safety|harmless|harmlessness',
  language: 'grammatical|grammar|fluent|fluency|well-written|readable|readability',
  length: 'concise|conciseness|concision|brief|brevity',
  use: 'helpful|helpfulness|useful|usefulness',
}
const anyCriterion = Object.values(criteria).join('|')
const joined = new RegExp(
  String.raw`\b(?<one>${anyCriterion})\b,?(?:\s+(?:and|as well as|and also)\s+)(?:\w+ly\s+|how\s+|whether it is\s+|is\s+|its\s+|the\s+)?\b(?<other>${anyCriterion})\b`,
  'i',
)
const asksForJudgment =
  /^[-*\s]*(?:is|are|was|were|does|how|judge|rate|score|grade|check|assess|evaluate|decide|determine|whether)\b|\bwhether\b/i
const isSetAside = /\b(?:not|ignore|regardless|whatever|no matter|rather than|instead of|never)\b/i

/** One answer for two questions says nothing of a response that meets one of them. */
export const twoCriteria: Check = ({ instructions }) => {
  for (const sentence of sentencesOf(instructions)) {
    const groups = joined.exec(sentence.text)?.groups
    if (groups === undefined || !asksForJudgment.test(sentence.text) || isSetAside.test(sentence.text))
      continue
    const { one = '', other = '' } = groups
    if (familyOf(one) === familyOf(other)) continue
    const message = `One judge is asked about ${one.toLowerCase()} and ${other.toLowerCase()}; a response can be one without the other. Make two judges.`
    return [sight('two_criteria', instructions, sentence, message)]
  }
  return []
}

function familyOf(word: string): string | undefined {
  return Object.keys(criteria).find((family) => criteria[family]?.split('|').includes(word.toLowerCase()))
}
