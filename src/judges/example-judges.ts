import type { Definition } from './definition.ts'
import { judgeTemplates } from './judge-templates.ts'

/** Two judges to begin with, one of each output type. */
export function exampleJudges(modelName: string): readonly [Definition, Definition] {
  const [first, second] = judgeTemplates
  if (first === undefined || second === undefined) throw new Error('There are fewer than two templates.')
  return [asExample(first.definition, modelName), asExample(second.definition, modelName)]
}

function asExample(definition: Omit<Definition, 'modelName'>, modelName: string): Definition {
  const { description } = definition
  return {
    ...definition,
    description: `Example: ${description.charAt(0).toLowerCase()}${description.slice(1)}`,
    modelName,
  }
}
