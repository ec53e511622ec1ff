import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkInstructions, renderInstructions, usesVariable } from './instructions.ts'
import { plainTemplate } from './plain-template.ts'
import { templateVariableNames } from './template-variables.ts'

const write = (text: string): string => `<${text}>`

/** The same template, of which a comment keeps from being plain. */
function forEngine(source: string): string {
  return `{# not plain #}${source}`
}

const pieces = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '\n',
    '\r\n',
    '\r',
    ' ',
    '{',
    '}',
    '}}',
    '%}',
    '#}',
    '{ {',
    '\ud800',
    '\u0000',
    'é',
    '{{',
    '{%',
    '{#',
    '{{-',
    '-}}',
  ),
  fc.constantFrom(...templateVariableNames).map((name) => `{{ ${name} }}`),
  fc.constantFrom(...templateVariableNames).map((name) => `{{${name}\n\t}}`),
  fc.constantFrom(
    '{{ range }}',
    '{{ true }}',
    '{{ properties.a }}',
    '{{ user_message|upper }}',
    '{{ 1 }}',
    '{{ \u00a0user_message }}',
  ),
)
const sources = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''))
const values = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '{{ user_message }}', '\ud800', null, undefined, 3, [1]),
)
const variables = fc.record({
  user_message: values,
  assistant_message: values,
  conversation_history: values,
  system_prompt: values,
  available_tools: values,
  answer_type_definition: values,
  properties: fc.constant({ a: 1 }),
})

describe('a plain template', () => {
  it('is written as the engine writes it', () => {
    let plain = 0
    fc.assert(
      fc.property(sources, variables, (source, given) => {
        if (plainTemplate(source) === undefined) return
        plain += 1
        expect(renderInstructions(source, given, write)).toBe(
          renderInstructions(forEngine(source), given, write),
        )
        expect(() => checkInstructions(forEngine(source))).not.toThrow()
        for (const name of templateVariableNames) {
          expect(usesVariable(source, [name])).toBe(usesVariable(forEngine(source), [name]))
        }
      }),
      { numRuns: 2000 },
    )
    expect(plain).toBeGreaterThan(200)
  })

  it.each([
    ['{{{ user_message }}}'],
    ['{{ user_message }}}'],
    ['{{- user_message }}'],
    ['{{ user_message.length }}'],
    ['{{ nobody }}'],
    ['{{ true }}'],
    ['{% if user_message %}{% endif %}'],
    ['{# {{ user_message }} #}'],
    ['{{ user_message'],
    ['{% raw %}{{ user_message }}{% endraw %}'],
  ])('is not %j', (source) => {
    expect(plainTemplate(source)).toBeUndefined()
  })

  it.each([['Is it fine?'], ['{{ user_message }}'], ['a }} b\n{{system_prompt}}\n'], ['']])(
    'is %j',
    (source) => {
      expect(plainTemplate(source)).toBeDefined()
    },
  )
})
