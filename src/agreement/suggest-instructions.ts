import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import { checkInstructions } from '../judges/instructions.ts'
import type { JudgeMaterial, Material } from '../judging/judging.ts'
import { compareOnHeldOut, type HeldOutComparison, type HeldOutRecord } from './held-out.ts'
import { randomOfText } from './random-draws.ts'

/** A labelled record of a run, with what its judge said. */
export interface LabelledMaterial {
  readonly recordId: string
  readonly material: Material
  readonly label: string | number
  readonly answer: string | number
  readonly analysis: string | null
}

export interface SuggestionTools {
  readonly judgeMaterial: JudgeMaterial
  /** Whose judge it is, where that decides on its tools. */
  readonly workspaceId?: string
  /** Judgments at the same time. */
  readonly concurrency: number
  readonly stop: AbortSignal
  readonly onProgress?: (done: number, of: number) => void
}

/** New instructions, and what they change on records that the proposing model was not shown. */
export interface Suggestion {
  readonly instructions: string
  /** Disagreements that the model was shown, of this many labelled records. */
  readonly shown: number
  readonly training: number
  readonly comparison: HeldOutComparison
}

/** Fewer labelled records than this tell nothing once they are split. */
const leastLabelled = 20

const mostShown = 20
const longestShown = 2000
const maxInstructions = 10_000

/**
 * Has a model propose new instructions for a judge, and measures them: half of the labelled records, picked by chance,
 * show the model where judge and people disagree; the other half is judged with the old and the new ones.
 * Nothing is saved.
 * @param modelName of the model that proposes
 * @throws AssizeError `request_invalid` where there are too few labels or no disagreements, `no_valid_answer` where the
 *   model proposes nothing that can be used, and what `JudgeMaterial` throws
 */
export async function suggestInstructions(
  definition: Definition,
  labelled: readonly LabelledMaterial[],
  modelName: string,
  tools: SuggestionTools,
): Promise<Suggestion> {
  const { training, heldOut } = split(labelled)
  const disagreements = worst(training).slice(0, mostShown)
  if (disagreements.length === 0) {
    const message = `The judge agrees with people on all ${training.length} records that could be shown; there is nothing to learn from.`
    throw new AssizeError('request_invalid', message)
  }
  const instructions = await propose(definition, disagreements, modelName, tools)
  const comparison = await compareOnHeldOut(definition, { ...definition, instructions }, heldOut, tools)
  return { instructions, shown: disagreements.length, training: training.length, comparison }
}

/** By chance, and the same each time for the same records. */
function split(labelled: readonly LabelledMaterial[]): {
  readonly training: readonly LabelledMaterial[]
  readonly heldOut: readonly (LabelledMaterial & HeldOutRecord)[]
} {
  if (labelled.length < leastLabelled) {
    const message = `${labelled.length} answered records of the run are labelled; expected ${leastLabelled} at least, half of which are kept to measure with.`
    throw new AssizeError('request_invalid', message)
  }
  const ordered = labelled
    .map((one) => ({ one, place: randomOfText(`suggestion ${one.recordId}`) }))
    .sort((left, right) => left.place - right.place)
    .map(({ one }) => one)
  const middle = Math.floor(ordered.length / 2)
  return { training: ordered.slice(0, middle), heldOut: ordered.slice(middle) }
}

function worst(training: readonly LabelledMaterial[]): readonly LabelledMaterial[] {
  return training
    .filter(({ label, answer }) => label !== answer)
    .sort((left, right) => distanceOf(right) - distanceOf(left))
}

function distanceOf({ label, answer }: LabelledMaterial): number {
  return typeof label === 'number' && typeof answer === 'number' ? Math.abs(label - answer) : 1
}

/** What the model writes first, its analysis, is the proposal; it goes through all that judgments go through. */
const proposer: Omit<Definition, 'modelName'> = {
  name: 'Propose instructions',
  description: '',
  tools: [],
  output: {
    type: 'CLASSIFICATION',
    options: [{ value: 'proposed', description: 'The proposal is written.' }],
  },
  instructions: `You improve the instructions of a judge: a language model that reads a conversation and answers a question about it.
Below are its present instructions, what it can answer, and conversations on which it answered otherwise than people did.

Find out what the present instructions leave open or get wrong, and write new ones with which such a judge would answer as people did, on other conversations too. State general rules. Name no example and no single conversation. Keep what works. Keep every {% raw %}{{ variable }}{% endraw %} that the present instructions use, exactly as it is written there. Stay below 6,000 characters.

The analysis that you give must be the text of the new instructions, whole, and nothing else: no introduction and no comment. The answer is "proposed".

{{ user_message }}`,
}

async function propose(
  definition: Definition,
  disagreements: readonly LabelledMaterial[],
  modelName: string,
  { judgeMaterial, workspaceId, stop }: SuggestionTools,
): Promise<string> {
  const content = materialFor(definition, disagreements)
  const asked = { ...proposer, modelName }
  const reply = await judgeMaterial(
    asked,
    { messages: [{ role: 'user', content }] },
    stop,
    undefined,
    workspaceId,
  )
  if (reply.outcome !== 'answered') {
    throw new AssizeError(
      'no_valid_answer',
      `${modelName} proposed nothing: ${reply.outcome}: ${reply.reason}`,
    )
  }
  const instructions = reply.analysis.trim()
  checkProposal(instructions, definition, modelName)
  return instructions
}

function checkProposal(instructions: string, definition: Definition, modelName: string): void {
  const refuse = (why: string): never => {
    throw new AssizeError(
      'no_valid_answer',
      `What ${modelName} proposed can't be used: ${why}. Try again, or another --model.`,
    )
  }
  if (instructions === '') refuse('it is empty')
  if (instructions.length > maxInstructions) refuse(`it has more than ${maxInstructions} characters`)
  if (instructions === definition.instructions.trim()) refuse('it says what the judge says already')
  try {
    checkInstructions(instructions)
  } catch (error) {
    refuse((error as Error).message)
  }
}

function materialFor(
  { instructions, output }: Definition,
  disagreements: readonly LabelledMaterial[],
): string {
  const answers =
    output.type === 'CLASSIFICATION'
      ? output.options.map(({ value, description }) => `${JSON.stringify(value)}: ${description}`)
      : [`${output.min}: ${output.minDescription}`, `${output.max}: ${output.maxDescription}`]
  const shown = disagreements.map(
    ({ material, label, answer, analysis }, at) =>
      `Conversation ${at + 1}: ${cut(JSON.stringify(material.messages))}\nPeople say: ${JSON.stringify(label)}\nThe judge answered: ${JSON.stringify(answer)}\nBecause: ${cut(analysis ?? 'not kept')}`,
  )
  return `PRESENT INSTRUCTIONS\n${instructions}\n\nWHAT IT CAN ANSWER\n${answers.join('\n')}\n\nWHERE IT DISAGREES WITH PEOPLE\n${shown.join('\n\n')}`
}

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
