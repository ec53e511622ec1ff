import type { Output } from '../judges/definition.ts'
import { readAnswer } from '../judging/answer.ts'
import type { ModelRequest } from '../judging/model.ts'

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

/** What a model is asked when it is checked. */
export interface CheckMaterial {
  readonly classification: ModelRequest
  readonly regression: ModelRequest
  readonly sampling: { readonly temperature: number; readonly seed: number }
  /** Whether a reply to `classification` is a judgment. */
  isReadable(text: string): boolean
}

/** A judgment of each output type, easy enough for every model that can judge at all. */
export function checkMaterial(modelName: string, maxOutputTokens: number): CheckMaterial {
  const ask = (output: Output, form: string): ModelRequest => ({
    modelName,
    output,
    maxOutputTokens,
    messages: [
      {
        role: 'system',
        content: `Judge the assistant's answer. Reply with JSON: {"analysis": "one short sentence", "answer": ...}, where the answer is ${form}.`,
      },
      { role: 'user', content: 'user: What is 2 + 2?\nassistant: 4' },
    ],
  })
  return {
    classification: ask(classification, '"correct" or "wrong"'),
    regression: ask(regression, 'a number from 0 (useless) to 1 (perfect)'),
    sampling: { temperature: 0.7, seed: 1 },
    isReadable: (text) => readAnswer(text, classification).isReadable,
  }
}
