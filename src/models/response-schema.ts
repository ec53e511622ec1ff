import type { Output } from '../judges/definition.ts'

/**
 * The JSON Schema of a judgment, analysis first, so that the answer follows from it.
 * @param hasBounds whether a number's smallest and largest value are part of it, which some models refuse
 */
export function responseSchema(output: Output, hasBounds = true): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    properties: { analysis: { type: 'string' }, answer: answerSchema(output, hasBounds) },
    required: ['analysis', 'answer'],
    additionalProperties: false,
  }
}

function answerSchema(output: Output, hasBounds: boolean): Readonly<Record<string, unknown>> {
  if (output.type === 'CLASSIFICATION') {
    return { type: 'string', enum: output.options.map((option) => option.value) }
  }
  return hasBounds ? { type: 'number', minimum: output.min, maximum: output.max } : { type: 'number' }
}
