import { isDeepStrictEqual } from 'node:util'
import type { Definition } from './definition.ts'
import { fromDefinition } from './definition-document.ts'

/** A field of a definition, as it is written in JSON and YAML. */
export type DefinitionField = keyof ReturnType<typeof fromDefinition>

const definitionFields: readonly DefinitionField[] = [
  'name',
  'description',
  'model_name',
  'output',
  'instructions',
  'tools',
]

/** The fields in which two definitions differ; all of them where there was none before. */
export function changedFields(before: Definition | undefined, after: Definition): readonly DefinitionField[] {
  if (before === undefined) return definitionFields
  const [one, other] = [fromDefinition(before), fromDefinition(after)]
  return definitionFields.filter((field) => !isDeepStrictEqual(one[field], other[field]))
}
