import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssizeError } from '../errors.ts'
import { checkInstructions, renderInstructions, usesVariable } from './instructions.ts'

const fence = (text: string): string => `<${text}>`

function render(instructions: string, variables: Record<string, unknown> = {}): string {
  return renderInstructions(instructions, variables, fence)
}

function failure(run: () => unknown): AssizeError {
  try {
    run()
  } catch (error) {
    if (error instanceof AssizeError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('checkInstructions', () => {
  it.each([
    'Plain text.',
    '{{ user_message }}',
    '{% if x %}a{% endif %}',
    '{# {{ #}',
    '{% raw %}{{{% endraw %}',
  ])('takes %s', (instructions) => expect(() => checkInstructions(instructions)).not.toThrow())

  it('says the line and the reason', () => {
    const error = failure(() => checkInstructions('one\ntwo\n{{ user_message'))
    expect(error.situation).toBe('template_syntax')
    expect(error.message).toBe(
      'instructions: line 3: unexpected end of input, expected end of variable block.',
    )
  })

  it('never throws anything else, whatever it is given', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      '"',
      "'",
      'x',
      ' if ',
      '|',
      '(',
      '\n',
      'raw',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 20 }), (parts) => {
        try {
          checkInstructions(parts.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(AssizeError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('renderInstructions', () => {
  it('writes values through the given function and leaves the rest alone', () => {
    expect(render('Say {{ name }} {{- " }} " -}} twice: {{name}}', { name: 'Ann' })).toBe(
      'Say <Ann>< }} >twice: <Ann>',
    )
  })

  it('never evaluates a value', () => {
    expect(render('{{ text }}', { text: '{{ 7 * 7 }}{% raw %}' })).toBe('<{{ 7 * 7 }}{% raw %}>')
  })

  it('compares, tests and loops over plain values', () => {
    const instructions =
      "{% if properties.tier == 'gold' %}{% for x in properties.list %}{{ x|upper }};{% endfor %}{% endif %}"
    expect(render(instructions, { properties: { tier: 'gold', list: ['a', 'b'] } })).toBe('<A>;<B>;')
  })

  it('renders what is missing as nothing', () => {
    expect(renderInstructions('{{ a.b.c }}{{ d }}{{ e }}', { e: null }, (text) => text)).toBe('')
  })

  it('renders objects as JSON', () => {
    expect(render('{{ o }}', { o: { a: [1, { b: null }] } })).toBe(
      `<${JSON.stringify({ a: [1, { b: null }] }, null, 2)}>`,
    )
  })

  it('stops a loop that runs away', () => {
    const error = failure(() =>
      render('{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}'),
    )
    expect(error.situation).toBe('template_failed')
    expect(error.message).toMatch(/fuel/)
  })

  it('stops a template that eats memory, and renders the next one', () => {
    const doublings =
      '{% set n = namespace(s="0123456789") %}{% for i in range(40) %}{% set n.s = n.s ~ n.s %}{% endfor %}'
    const before = process.memoryUsage().rss
    expect(failure(() => render(doublings)).message).toBe('instructions: the template needs too much memory.')
    expect(process.memoryUsage().rss - before).toBeLessThan(600e6)
    expect(render('{{ x }}', { x: 1 })).toBe('<1>')
  })

  it('names an unknown filter and its line', () => {
    expect(failure(() => render('\n{{ x|nothing }}')).message).toBe(
      'instructions: line 2: unknown filter: filter nothing is unknown.',
    )
  })

  it('keeps working over more templates than it keeps', () => {
    for (let i = 0; i < 1100; i += 1) expect(render(`${i} {{ x }}`, { x: i })).toBe(`${i} <${i}>`)
    expect(render('0 {{ x }}', { x: 'again' })).toBe('0 <again>')
  })

  it('writes any value out whole', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        (text) => {
          expect(render('a{{ x }}b', { x: text })).toBe(`a<${text}>b`)
        },
      ),
    )
  })
})

describe('usesVariable', () => {
  it.each([
    ['{{ user_message }}', true],
    ['{% if user_message %}x{% endif %}', true],
    ['{{ "user_message" }}', false],
    ['{# {{ user_message }} #}', false],
    ['{% raw %}{{ user_message }}{% endraw %}', false],
    ['{{ properties.user_message }}', false],
    ['{{ user_messages }}', false],
    ['user_message', false],
  ])('%s: %s', (instructions, isUsed) => expect(usesVariable(instructions, ['user_message'])).toBe(isUsed))
})
