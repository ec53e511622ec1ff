import { wordsOf } from '../instructions.ts'

export interface Sentence {
  readonly text: string
  /** In the instructions. */
  readonly start: number
}

/** The sentences that the author wrote, without what a template fills in. */
export function sentencesOf(instructions: string): readonly Sentence[] {
  return [...wordsOf(instructions).matchAll(/[^\n]+?(?:[.!?](?=[\s"”)]|$)|[;](?=\s)|(?=\n)|$)/g)].flatMap(
    ({ 0: raw, index }) => {
      const text = raw.trim()
      return text === '' ? [] : [{ text, start: index + raw.length - raw.trimStart().length }]
    },
  )
}

const verbs =
  'answer|reply|respond|return|output|print|write|give|assign|provide|produce|use|say|state|choose|pick|select|rate|score|grade|evaluate|assess|judge|mark|begin|start|end|put|classify|label'
const toldTo = new RegExp(
  `^(?:[-*#>\\d.)\\s]*)(?:please|then|finally|first|next|now|also|always|only|just)?,?\\s*(?:${verbs})\\b|` +
    `(?:[,:]\\s*|\\b(?:and|then|please|you should|you must|you will|your (?:task|job) is to|want you to)\\s+)(?:(?:please|then|only|just|always)\\s+)?(?:${verbs})\\b|` +
    `\\byour (?:answer|reply|response|score|rating|verdict|output)\\b|^how \\w+|^on a scale\\b|^the (?:score|rating|grade|answer) (?:is|should be|must be)\\b`,
  'i',
)

const toldOther =
  /\b(?:user|assistant|customer|model|response|agent|bot|system prompt|it|they)\b[^.]{0,40}\b(?:asks?|asked|wants?|wanted|told|tells?|says?|said|requests?|requested|instructs?|instructed|should|must|has to|have to|is to)\b|\b(?:whether|does|did|do) (?:the|it|they|this)\b/i

/** Whether a sentence tells the judge how to answer, rather than what to look for. */
export function tellsHowToAnswer(sentence: Sentence): boolean {
  return toldTo.test(sentence.text) && !isToldOther(sentence)
}

/** Whether it is someone else who is told to do something, or it is said of what is judged. */
export function isToldOther({ text }: Sentence): boolean {
  return toldOther.test(text)
}
