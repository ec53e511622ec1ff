import { z } from 'zod'
import type { Definition, Output } from './definition.ts'

/**
 * Text as the databases can keep it. Lengths are counted in Unicode characters, as JSON Schema counts them.
 */
export function text(minLength: number, maxLength: number): z.ZodString {
  return z
    .string()
    .refine((value) => !value.includes('\u0000'), 'expected text without the character U+0000')
    .refine((value) => value.isWellFormed(), 'expected well-formed Unicode, found half of a surrogate pair')
    .refine(
      (value) => {
        const length = [...value].length
        return length >= minLength && length <= maxLength
      },
      lengthMessage(minLength, maxLength),
    )
    .meta({ pattern: '^[^\\u0000]*$', ...(minLength > 0 ? { minLength } : {}), maxLength })
}

function lengthMessage(minLength: number, maxLength: number): string {
  const most = grouped(maxLength)
  return minLength === 0
    ? `expected at most ${most} characters`
    : `expected ${minLength} to ${most} characters`
}

/** 10000 -> 10,000. `toLocaleString` would load the data of all languages, at every start. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

const maxDescription = 10_000

const option = z.object({
  value: text(1, 500).describe('What the judge answers; distinct among the options.'),
  description: text(0, maxDescription).describe('When this is the answer.'),
})

const options = z
  .array(option)
  .min(1, 'expected at least one option')
  .superRefine((all, context) => {
    const values = all.map(({ value }) => value)
    const repeated = values.findIndex((value, index) => values.indexOf(value) < index)
    if (repeated === -1) return
    const message = `expected distinct values, found ${JSON.stringify(values[repeated])} twice`
    context.addIssue({ code: 'custom', path: [repeated, 'value'], message })
  })

const bounds = {
  from0: 'expected a number from 0',
  over0: 'expected a number over 0',
  under1e9: 'expected a number under 1,000,000,000',
}

const regressionFields = {
  min: z.number().min(0, bounds.from0).lt(1e9, bounds.under1e9).default(0),
  min_description: text(0, maxDescription).describe('What the smallest answer means.'),
  max: z.number().gt(0, bounds.over0).lt(1e9, bounds.under1e9).default(1),
  max_description: text(0, maxDescription).describe('What the largest answer means.'),
}

const classificationInput = z.object({ type: z.literal('CLASSIFICATION').default('CLASSIFICATION'), options })
const regressionInput = z
  .object({ type: z.literal('REGRESSION').default('REGRESSION'), ...regressionFields })
  .superRefine(({ min, max }, context) => {
    if (min < max) return
    const message = `expected a number over min, which is ${min}, found ${max}`
    context.addIssue({ code: 'custom', path: ['max'], message })
  })

/** An output as it may be written: its fields say its type where nothing else does. */
const outputInput = z
  .preprocess(
    withType,
    z.discriminatedUnion('type', [classificationInput, regressionInput], { error: explainType }),
  )
  .describe(
    'What the judge answers. Without a type, options mean CLASSIFICATION and min_description, max_description REGRESSION.',
  )

function withType(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || 'type' in output) return output
  if ('options' in output) return { ...output, type: 'CLASSIFICATION' }
  const isScale = Object.keys(regressionFields).some((field) => field in output)
  return isScale ? { ...output, type: 'REGRESSION' } : output
}

function explainType({ code, input }: { code: string; input?: unknown }): string | undefined {
  if (code !== 'invalid_union') return undefined
  const { type } = input as { type?: unknown }
  const found = type === undefined ? 'nothing' : typeof type === 'string' ? JSON.stringify(type) : typeof type
  return `expected "CLASSIFICATION" with options, or "REGRESSION" with min_description and max_description, found ${found}`
}

/** An output as it is shown: its type is always there. */
const outputDocument = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('CLASSIFICATION'),
      options: z.array(z.object({ value: z.string(), description: z.string() })),
    }),
    z.object({
      type: z.literal('REGRESSION'),
      min: z.number(),
      min_description: z.string(),
      max: z.number(),
      max_description: z.string(),
    }),
  ])
  .meta({ id: 'JudgeOutput' })

/** A definition as people write it, in JSON or YAML. Unknown fields are left out. */
export const definitionDocument = z
  .object({
    name: text(5, 50).describe("Unique among the workspace's judges."),
    description: text(0, 500),
    model_name: text(1, 500).describe('A model, or provider/model.'),
    output: outputInput,
    instructions: text(1, 10_000).describe('A Jinja2 template.'),
    tools: z.array(text(0, 1000)).describe('Names of tools that the judge may use.'),
  })
  .meta({ id: 'JudgeDefinition' })

/** A definition as it is shown: its bounds are those of what is written, and need no second check. */
export const shownDefinition = z.object({
  name: z.string(),
  description: z.string(),
  model_name: z.string(),
  output: outputDocument,
  instructions: z.string(),
  tools: z.array(z.string()),
})

export type DefinitionDocument = z.output<typeof definitionDocument>

/** What was written -> the definition. */
export function toDefinition(document: DefinitionDocument): Definition {
  const { name, description, instructions, tools } = document
  return {
    name,
    description,
    modelName: document.model_name,
    output: toOutput(document.output),
    instructions,
    tools,
  }
}

function toOutput(document: DefinitionDocument['output']): Output {
  if ('options' in document) {
    const distinct = document.options.map(({ value, description }) => ({ value, description }))
    return { type: 'CLASSIFICATION', options: distinct }
  }
  const { max, min_description: minDescription, max_description: maxDescription } = document
  // JSON and YAML know -0, and what is stored does not.
  const min = document.min + 0
  return { type: 'REGRESSION', min, minDescription, max, maxDescription }
}

/** The definition -> as it is shown. */
export function fromDefinition(definition: Definition): z.output<typeof shownDefinition> {
  const { name, description, instructions, tools } = definition
  return {
    name,
    description,
    model_name: definition.modelName,
    output: fromOutput(definition.output),
    instructions,
    tools: [...tools],
  }
}

function fromOutput(output: Output): z.output<typeof outputDocument> {
  if (output.type === 'CLASSIFICATION')
    return { type: output.type, options: output.options.map((option) => ({ ...option })) }
  const { type, min, max, minDescription, maxDescription } = output
  return { type, min, min_description: minDescription, max, max_description: maxDescription }
}
