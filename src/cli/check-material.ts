import type { Output } from '../judges/definition.ts'
import { readAnswer } from '../judging/answer.ts'
import type { ModelRequest } from '../judging/model.ts'
import type { ToolDescription } from '../judging/tool.ts'

const classification: Output = {
  type: 'CLASSIFICATION',
  options: [
    { value: 'correct', description: 'The answer is right.' },
    { value: 'wrong', description: 'The answer is not right.' },
  ],
}
const regression: Output = {
  type: 'REGRESSION',
  min: 0,
  minDescription: 'useless',
  max: 1,
  maxDescription: 'perfect',
}

const add: ToolDescription = {
  name: 'add',
  description: 'Adds two numbers.',
  parameters: {
    type: 'object',
    properties: { first: { type: 'number' }, second: { type: 'number' } },
    required: ['first', 'second'],
  },
}

/** What a model is asked when it is checked. */
export interface CheckMaterial {
  readonly classification: ModelRequest
  readonly regression: ModelRequest
  /** `classification`, where a tool is to be called first. */
  readonly calling: ModelRequest
  readonly sampling: { readonly temperature: number; readonly seed: number }
  /** Whether a reply to `classification` is a judgment. */
  isReadable(text: string): boolean
}

/** A judgment of each output type, easy enough for every model that can judge at all. */
export function checkMaterial(modelName: string, maxOutputTokens: number): CheckMaterial {
  const ask = (output: Output, form: string, wish = ''): ModelRequest => ({
    modelName,
    output,
    maxOutputTokens,
    messages: [
      {
        role: 'system',
        content: `Judge the assistant's answer. Reply with JSON: {"analysis": "one short sentence", "answer": ...}, where the answer is ${form}.${wish}`,
      },
      { role: 'user', content: 'user: What is 2 + 2?\nassistant: 4' },
    ],
  })
  const ofClass = '"correct" or "wrong"'
  const wish = ' Before you judge, call the tool "add" to work out the sum.'
  return {
    classification: ask(classification, ofClass),
    regression: ask(regression, 'a number from 0 (useless) to 1 (perfect)'),
    calling: { ...ask(classification, ofClass, wish), tools: [add] },
    sampling: { temperature: 0.7, seed: 1 },
    isReadable: (text) => readAnswer(text, classification).isReadable,
  }
}
