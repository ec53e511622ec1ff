import { tagsIn, usesVariable, wordsOf } from '../instructions.ts'
import { conversationVariables, templateVariableNames } from '../template-variables.ts'
import { type Check, lineAt, type Sight } from './finding.ts'
import { namesExpected } from './template-names.ts'

/** A variable that does not exist renders as nothing, without an error. */
export const unknownVariable: Check = ({ instructions }) =>
  namesExpected(instructions)
    .filter(({ name }) => !templateVariableNames.includes(name))
    .map(({ name, start }) => ({
      code: 'unknown_variable',
      path: 'instructions',
      line: lineAt(instructions, start),
      message: `There is no variable ${name}, so that it renders as nothing; ${remedy(name)}.`,
    }))

function remedy(name: string): string {
  const meant = meaningOf(name)
  if (meant !== undefined) return `did you mean ${meant}`
  return `the variables are ${templateVariableNames.join(', ')}, and a value of your own is properties.${name}`
}

/** What other products call the same. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  assistant_message: [
    'answer',
    'response',
    'output',
    'outputs',
    'completion',
    'reply',
    'assistant',
    'generation',
  ],
  user_message: ['question', 'input', 'inputs', 'query', 'user', 'prompt', 'user_input', 'user_query'],
  conversation_history: ['history', 'conversation', 'messages', 'chat_history', 'dialogue', 'transcript'],
  system_prompt: ['system', 'system_message'],
  available_tools: ['tools', 'tool_definitions'],
  answer_type_definition: ['options', 'labels', 'answer_type', 'output_type', 'choices'],
  properties: ['metadata', 'props'],
}

function meaningOf(name: string): string | undefined {
  const lower = name.toLowerCase()
  const nearest = templateVariableNames
    .flatMap((known) => [known, ...(synonyms[known] ?? [])].map((word) => ({ known, word })))
    .map(({ known, word }) => ({ known, word, edits: editDistance(lower, word) }))
    .reduce((best, next) => (next.edits < best.edits ? next : best))
  return nearest.edits <= nearest.word.length / 5 ? nearest.known : undefined
}

/** Insertions, deletions and replacements between two words. See https://en.wikipedia.org/wiki/Levenshtein_distance */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1]
    for (const [column, wanted] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (letter === wanted ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

const speaksOfResponse =
  /\b(?:the|its|this|that|last|assistant['’]s|model['’]s) (?:\w+ )?(?:response|reply|completion)\b|\bthe assistant\b/i

/** With a conversation variable in use, nothing is added under the instructions. */
export const responseLeftOut: Check = ({ instructions }) => {
  const usesOthers = usesVariable(instructions, ['user_message', 'conversation_history'])
  const isShown = usesVariable(instructions, ['assistant_message', 'properties'])
  const words = wordsOf(instructions)
  const place = words.search(speaksOfResponse)
  if (!usesOthers || isShown || place === -1) return []
  const message =
    'The response is spoken of but not shown: instructions that write user_message or conversation_history get nothing added under them; write {{ assistant_message }} too.'
  return [{ code: 'response_left_out', path: 'instructions', line: lineAt(words, place), message }]
}

/** A conversation variable that is only asked about keeps the conversation from being added. */
export const conversationLeftOut: Check = ({ instructions }) => {
  if (!usesVariable(instructions, conversationVariables)) return []
  const names = new RegExp(`\\b(?:${conversationVariables.join('|')})\\b`)
  const tags = tagsIn(instructions).filter(({ code }) => names.test(code))
  const isAskedAbout = (tag: (typeof tags)[number]): boolean =>
    tag.isStatement && /^[-+]?\s*(?:if|elif)\b/.test(tag.code)
  const [first] = tags
  if (first === undefined || !tags.every(isAskedAbout) || usesVariable(instructions, ['properties']))
    return []
  const message =
    'The conversation is asked about but never written: name its variables in {{ }}, or in no tag at all, so that all of it is added.'
  return [
    { code: 'conversation_left_out', path: 'instructions', line: lineAt(instructions, first.start), message },
  ]
}

const speaksOfTools =
  /\bavailable tools?\b|\btools? (?:that are |that were )?available\b|\b(?:list of|given|offered) tools\b/i

export const availableToolsLeftOut: Check = ({ instructions }) => {
  const words = wordsOf(instructions)
  const place = words.search(speaksOfTools)
  const isWholeAdded = !usesVariable(instructions, conversationVariables)
  const isShown = usesVariable(instructions, ['available_tools', 'properties', 'system_prompt'])
  if (place === -1 || isWholeAdded || isShown) return []
  const message =
    'The tools that the assistant had are spoken of but not shown; write {{ available_tools }}, and give properties.available_tools with each conversation.'
  return [{ code: 'available_tools_left_out', path: 'instructions', line: lineAt(words, place), message }]
}

/** The judge's own tools, and those of the assistant that is judged. */
export const toolsMixedUp: Check = ({ instructions, tools }): readonly Sight[] => {
  const isAboutTools =
    usesVariable(instructions, ['available_tools']) || speaksOfTools.test(wordsOf(instructions))
  if (tools.length === 0 || !isAboutTools) return []
  const message =
    'tools are those that the judge itself may call; those that the judged assistant had come with each conversation, in properties.available_tools. Leave tools empty, unless the judge is to call them.'
  return [{ code: 'tools_mixed_up', path: 'tools', message }]
}
