import type { Definition, Judge, Output } from '../../api/shapes.ts'

export const emptyDefinition: Definition = {
  name: '',
  description: '',
  model_name: '',
  instructions: '',
  output: {
    type: 'CLASSIFICATION',
    options: [
      { value: 'yes', description: '' },
      { value: 'no', description: '' },
    ],
  },
  tools: [],
}

export const emptyScale: Extract<Output, { type: 'REGRESSION' }> = {
  type: 'REGRESSION',
  min: 1,
  min_description: '',
  max: 5,
  max_description: '',
}

/** What can be changed of a judge, or of one of its revisions. */
export function definitionOf(judge: Pick<Judge, keyof Definition>): Definition {
  const { name, description, model_name, instructions, output, tools } = judge
  return { name, description, model_name, instructions, output, tools }
}

/** Whether saving would change anything. */
export function isSame(one: Definition, other: Definition): boolean {
  return JSON.stringify(definitionOf(one as Judge)) === JSON.stringify(definitionOf(other as Judge))
}

/** The same, with what a half written judge still lacks, so that the rest can be checked and tried meanwhile. */
export function checkable(definition: Definition): Definition {
  const { name, model_name: model } = definition
  return {
    ...definition,
    name: [...name].length >= 5 ? name : 'Unnamed judge',
    model_name: model === '' ? 'none chosen' : model,
  }
}

/** An output as it is always told: with its type. */
export function typed(output: Definition['output']): Output {
  if ('options' in output) return { type: 'CLASSIFICATION', options: output.options }
  const { min = 0, max = 1, min_description, max_description } = output
  return { type: 'REGRESSION', min, max, min_description, max_description }
}
