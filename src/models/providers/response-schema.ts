import type { Output } from '../../judges/definition.ts'

/** The JSON Schema of a judgment, analysis first, so that the answer follows from it. */
export function responseSchema(output: Output): Readonly<Record<string, unknown>> {
  const answer =
    output.type === 'CLASSIFICATION'
      ? { type: 'string', enum: output.options.map((option) => option.value) }
      : { type: 'number', minimum: output.min, maximum: output.max }
  return {
    type: 'object',
    properties: { analysis: { type: 'string' }, answer },
    required: ['analysis', 'answer'],
    additionalProperties: false,
  }
}
