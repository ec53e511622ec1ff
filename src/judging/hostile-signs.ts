import type { Flag } from './flags.ts'

export interface Sign {
  readonly flag: Flag
  /** Without one of these, in lower case, there is nothing to look for. */
  readonly hints: readonly string[]
  /** Of lower case; takes time in proportion to the text, so that every repetition in it has a limit. */
  readonly pattern: RegExp
}

function words(pattern: string): RegExp {
  return new RegExp(pattern.replaceAll(' ', String.raw`[\s,]{1,9}`))
}

const rules = 'instructions?|prompts?|rubrics?|guidelines?|criteria|directives?|rules'
const judges =
  '(?:judge|grader|evaluator|reviewer|assessor|rater|scorer|examiner|grading (?:model|system)|evaluation (?:model|system))'
const kinds = '(?:ai|llm|automated|automatic|fair|impartial|honest|expert)'
const marks = String.raw`(?:\d{1,3}(?:\.\d)?|ten|five|full|top|maximum|highest|perfect|best(?: possible)?)`
const grade = '(?:score|scores|mark|marks|rating|grade|points|stars|label|answer|verdict|judge?ment)'

/** What text says that was made to sway a judge. */
export const signs: readonly Sign[] = [
  { flag: 'imitates_fence', hints: ['judged-'], pattern: /[<[{(]{1,9}[\s/]{0,9}judged-/ },
  { flag: 'imitates_fence', hints: ['the code is'], pattern: /the code is [0-9a-f]{16}/ },
  {
    flag: 'reasoning_tags',
    hints: [
      'think>',
      'think]',
      'thinking>',
      'thinking]',
      'thought>',
      'thought]',
      'reasoning>',
      'reasoning]',
      'analysis>',
      'analysis]',
      'scratchpad>',
      'scratchpad]',
    ],
    pattern: /[<[][\s/]{0,3}(?:think|thinking|thought|reasoning|analysis|scratchpad)[>\]]/,
  },
  {
    flag: 'forged_judgment',
    hints: ['answer"', "answer'", 'answer\\'],
    pattern: /["']answer\\{0,3}["']\s{0,9}:/,
  },
  {
    flag: 'forged_judgment',
    hints: ['verdict', 'judgment', 'judgement', 'final answer', 'final score', 'final rating', 'final grade'],
    pattern: /(?:verdict|judge?ment|final (?:answer|score|rating|grade))[\s*_"']{0,6}[:=]/,
  },
  {
    flag: 'forged_judgment',
    hints: ['score', 'rating', 'grade'],
    pattern:
      /(?:score|rating|grade)[\s*_"']{0,6}[:=][\s*_"']{0,6}\d{1,3}(?:\.\d{1,2})?\s{0,3}(?:\/|out of)\s{0,3}\d/,
  },
  {
    flag: 'forged_judgment',
    hints: [']]'],
    pattern: /\[\[(?:[a-e]|[ab][<>=]{1,2}[ab]|\d{1,3}(?:\.\d)?)\]\]/,
  },
  {
    flag: 'addresses_judge',
    hints: ['ignor', 'disregard', 'forget', 'overrid', 'overrul'],
    pattern: words(
      String.raw`\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|overrule) (?:[\w']{1,20} ){0,5}(?:${rules})\b`,
    ),
  },
  {
    flag: 'addresses_judge',
    hints: ['new instruction', 'updated instruction', 'real instruction', 'actual instruction'],
    pattern: words(String.raw`\b(?:new|updated|real|actual) instructions?\s{0,3}(?:[:.]|are|for you|follow)`),
  },
  {
    flag: 'addresses_judge',
    hints: ['judge', 'grader', 'grading', 'evaluat', 'reviewer', 'assessor', 'rater', 'scorer', 'examiner'],
    pattern: words(
      String.raw`\b(?:(?:you are|you're|dear|hey|attention|note to|message (?:to|for)|instructions? (?:to|for)) (?:now )?(?:the |an? |this |our |my |any )?(?:${kinds} ){0,2}${judges}\b|as (?:the|an?) (?:${kinds} ){0,2}${judges} you\b|(?:the|any|all|every) (?:ai |llm )?${judges}s? (?:must|should|shall|is (?:required|instructed|asked|told|to)|has to|are (?:required|instructed|asked|told|to)|have to)\b)`,
    ),
  },
  {
    flag: 'addresses_judge',
    hints: [
      'give ',
      'assign ',
      'award ',
      'rate ',
      'score ',
      'grade ',
      'mark ',
      'label ',
      'output ',
      'judge ',
    ],
    pattern: words(
      String.raw`\b(?:give|assign|award|rate|score|grade|mark|label|judge) (?:this|it|me|my|that|the|us) (?:\w{1,20} ){0,4}?(?:(?:a|an|the|as|at|with) ){0,2}(?:${marks}(?: (?:possible|available))?(?: ${grade}\b|\s{0,3}(?:[/.!"]|$|out of|stars?\b|points?\b))|"|'\w{1,30}')`,
    ),
  },
  {
    flag: 'addresses_judge',
    hints: ['you must ', 'you have to ', 'you should ', 'you shall '],
    pattern: words(
      String.raw`\byou (?:must|have to|should|shall) (?:now |only |always |simply |therefore ){0,2}(?:answer|reply|respond|output|return|choose|select|judge|rate|score|grade|say)(?: with| as| this| it| that| the (?:answer|response|label|option))?:?\s{0,2}["'“‘\`\d]`,
    ),
  },
  {
    flag: 'addresses_judge',
    hints: [
      '指令',
      '指示',
      '提示',
      'instruccion',
      'instructions pr',
      'anweisung',
      'instruções',
      'istruzioni',
      'инструкци',
      '지시',
    ],
    pattern:
      /(?:忽略|无视|忽視|無視)[^\s。]{0,12}(?:指令|指示|提示)|(?:指示|指令)を(?:すべて|全て)?無視|ignor[ae] (?:todas |tutte |todas as )?(?:las |as |le )?(?:instrucciones|instruções|istruzioni)|ignore[zr]? (?:toutes )?les instructions|(?:ignorier|vergiss|missachte)\w{0,3} (?:alle |die |bitte ){0,3}(?:vorherigen |bisherigen |obigen |früheren )?anweisungen|игнорируй\w{0,3} (?:все )?(?:предыдущие )?инструкции|지시(?:를|사항을)? ?무시/,
  },
]
