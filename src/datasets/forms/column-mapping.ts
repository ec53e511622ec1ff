/** Which fields, or columns, of a row are what of a conversation. */
export interface ColumnMapping {
  /** What the user says. */
  readonly input: string
  /** What is added to it, a line below, where a row has it. */
  readonly context?: string
  /** What the assistant answers. */
  readonly output?: string
  readonly system?: string
  /** What becomes properties; without it, every field that is none of the others and none of `hiddenFields`. */
  readonly properties?: readonly string[]
  /** Fields that hold JSON as text: everything else in a CSV is and stays text. */
  readonly json?: readonly string[]
}

/** Not made properties unless a mapping names them: they tell the answer, or nothing, and judges see properties. */
export const hiddenFields: readonly string[] = ['id', 'label', 'labels']

/** Names that fields have in common data sets, the ones that go together. */
const knownPairs: readonly ColumnMapping[] = [
  { input: 'instruction', context: 'input', output: 'output' },
  { input: 'instruction', context: 'context', output: 'response' },
  ...['prompt', 'question', 'input', 'query', 'user'].flatMap((input) =>
    ['completion', 'response', 'answer', 'output', 'assistant'].map((output) => ({ input, output })),
  ),
]

/** The mapping that fits a row's fields by their names, if there is one. */
export function knownMapping(fields: ReadonlySet<string>): ColumnMapping | undefined {
  const pair = knownPairs.find(({ input, output }) => fields.has(input) && fields.has(output ?? ''))
  if (pair === undefined) return undefined
  const { context, ...required } = pair
  const system = ['system', 'system_prompt'].find((field) => fields.has(field))
  return {
    ...required,
    ...(context !== undefined && fields.has(context) && { context }),
    ...(system !== undefined && { system }),
  }
}

/** The fields that a mapping names. */
export function mappedFields({ input, context, output, system, properties = [], json = [] }: ColumnMapping) {
  const roles = [input, context, output, system].filter((field) => field !== undefined)
  return { roles, all: [...new Set([...roles, ...properties, ...json])] }
}
