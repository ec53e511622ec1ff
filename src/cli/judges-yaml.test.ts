import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Definition, Option } from '../judges/definition.ts'
import { exampleJudges } from '../judges/example-judges.ts'
import { parseJudge } from './judges-parse.ts'
import { rewriteJudge, writeJudge } from './judges-yaml.ts'

const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\n\n',
    ' ',
    '  \n',
    '\t',
    '\r\n',
    '- ',
    '#',
    ': ',
    '{{ x }}',
    '"',
    "'",
    '|',
    '>',
    '%',
  ),
  fc.constantFrom(
    'yes',
    'null',
    '0x1f',
    '~',
    '!!str',
    '&a',
    '*a',
    '---',
    '...',
    '\u2028',
    '\u0085',
    '\ufeff',
    '🎉',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)

function text(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => [...pieces.join('').replaceAll('\u0000', '')].slice(0, maxLength).join(''))
    .map((value) => value + 'x'.repeat(Math.max(0, minLength - [...value].length)))
}

const number = fc.double({ min: 0, max: 1e8, noNaN: true }).map((value) => value + 0)
const output: fc.Arbitrary<Definition['output']> = fc.oneof(
  fc
    .uniqueArray(fc.record({ value: text(1, 500), description: text(0, 100) }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ value }) => value,
    })
    .map((options) => ({ type: 'CLASSIFICATION' as const, options })),
  fc
    .record({ min: number, length: fc.integer({ min: 1, max: 100 }), low: text(0, 9), high: text(0, 9) })
    .map(({ min, length, low, high }) => ({
      type: 'REGRESSION' as const,
      min,
      minDescription: low,
      max: min + length,
      maxDescription: high,
    })),
)

/** Instructions that are a template whatever stands in them. */
const instructions = text(1, 2000).map((value) => value.replaceAll(/\{(?=[{%#])/g, '('))
const definitions: fc.Arbitrary<Definition> = fc.record({
  name: text(5, 50),
  description: text(0, 200),
  modelName: text(1, 50),
  output,
  instructions,
  tools: fc.array(text(0, 20), { maxLength: 3 }),
})

function read(content: string): Definition {
  const parsed = parseJudge(content)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.definition
}

describe('writeJudge', () => {
  it('writes what is read as the same judge', () => {
    fc.assert(
      fc.property(definitions, (definition) => void expect(read(writeJudge(definition))).toEqual(definition)),
    )
  })

  it('writes instructions as a block, and words that older readers take for something else in quotes', () => {
    const [example] = exampleJudges('mistral-small-latest')
    expect(
      writeJudge({ ...example, instructions: 'One\n\n  two {{ x }}\n' }),
    ).toBe(`name: Answers the question
description: "Example: whether the response answers what the user asked."
model_name: mistral-small-latest
output:
  type: CLASSIFICATION
  options:
    - value: "yes"
      description: The response answers the question.
    - value: "no"
      description: The response does not answer the question.
    - value: cannot tell
      description: The user asked nothing.
instructions: |
  One

    two {{ x }}
tools: []
`)
  })
})

const written = `# Asked for by the support team.

tools: []
name: Helpful   # as the dashboard has it
instructions: >-
    Is it helpful?
    {{ assistant_message }}
x-owner: support
description: 'How helpful.'

# Three are enough.
output:
    options:
    # The best.
    - {value: good, description: All that is needed.}
    - value: fair
      description: "Some of it."   # often
    - value: bad
      description: None of it.
model_name: m
# The end.
`

describe('rewriteJudge', () => {
  it('makes any judge of any other', () => {
    fc.assert(
      fc.property(definitions, definitions, (one, other) => {
        expect(read(rewriteJudge(writeJudge(one), other))).toEqual(other)
      }),
    )
  })

  it('changes what changed, and leaves comments, order and fields of others as they are', () => {
    const before = read(written)
    if (before.output.type !== 'CLASSIFICATION') throw new Error('It has options.')
    const [good, fair, bad] = before.output.options as [Option, Option, Option]
    const after: Definition = {
      ...before,
      modelName: 'm2',
      instructions: 'Is it helpful?\nReally?\n',
      output: {
        type: 'CLASSIFICATION',
        options: [
          { value: 'no idea', description: 'Can’t tell.' },
          { ...fair, description: 'Half.' },
          good,
          bad,
        ],
      },
    }
    expect(rewriteJudge(written, after)).toBe(`# Asked for by the support team.

tools: []
name: Helpful # as the dashboard has it
instructions: |
    Is it helpful?
    Really?
x-owner: support
description: 'How helpful.'

# Three are enough.
output:
    options:
        - value: no idea
          description: Can’t tell.
        - value: fair
          description: "Half." # often
        # The best.
        - {value: good, description: All that is needed.}
        - value: bad
          description: None of it.
model_name: m2

# The end.
`)
  })

  it('leaves nothing of another type', () => {
    const [, scale] = exampleJudges('m')
    const rewritten = rewriteJudge(written, scale)
    expect(Object.keys(parse(rewritten).output)).toEqual([
      'type',
      'min',
      'min_description',
      'max',
      'max_description',
    ])
    expect(rewritten).toContain('# Three are enough.')
  })

  it('keeps the line ends of Windows', () => {
    const [example] = exampleJudges('m')
    const rewritten = rewriteJudge(written.replaceAll('\n', '\r\n'), example)
    expect(rewritten.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(read(rewritten)).toEqual(example)
  })
})
