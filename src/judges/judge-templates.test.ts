import { describe, expect, it } from 'vitest'
import { definitionDocument, fromDefinition, toDefinition } from './definition-document.ts'
import { judgeTemplates } from './judge-templates.ts'
import { lintDefinition } from './lint.ts'

describe.each(judgeTemplates)('the template $id', (template) => {
  const definition = { ...template.definition, modelName: 'm' }

  it('is a definition that can be saved', () => {
    expect(toDefinition(definitionDocument.parse(fromDefinition(definition)))).toEqual(definition)
  })

  it('has nothing to lint', () => {
    expect(lintDefinition(definition)).toEqual([])
  })
})

it('has a name of its own each', () => {
  expect(new Set(judgeTemplates.map(({ id }) => id)).size).toBe(judgeTemplates.length)
  expect(new Set(judgeTemplates.map(({ definition }) => definition.name)).size).toBe(judgeTemplates.length)
})
