import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { definitionDocument, toDefinition } from '../src/judges/definition-document.ts'
import { severities } from '../src/judges/lint/finding.ts'
import { lintDefinition } from '../src/judges/lint.ts'

const section = /^## `(?<code>\w+)` \((?<severity>\w+)\)\n(?<text>[\s\S]*?)```yaml\n(?<example>[\s\S]*?)```/gm

const documented = [
  ...readFileSync(new URL('../docs/lint.md', import.meta.url), 'utf8').matchAll(section),
].map(({ groups }) => ({
  code: groups?.code ?? '',
  severity: groups?.severity ?? '',
  text: groups?.text ?? '',
  example: groups?.example ?? '',
}))

/** What an example does not say. */
const rest = {
  name: 'A judge',
  description: '',
  model_name: 'm',
  tools: [],
  instructions: 'Is the response in French?',
  output: {
    options: [
      { value: 'pass', description: 'It is in French.' },
      { value: 'fail', description: 'It is in another language.' },
      { value: 'unclear', description: 'Its language cannot be told.' },
    ],
  },
}

describe('docs/lint.md', () => {
  it('has each code with its severity, in the order of the code, and no other', () => {
    expect(documented.map(({ code, severity }) => [code, severity])).toEqual(Object.entries(severities))
  })

  it.each(documented)('has an example of $code, and says why', ({ code, text, example }) => {
    expect(text.trim().length).toBeGreaterThan(50)
    const definition = toDefinition(definitionDocument.parse({ ...rest, ...parse(example) }))
    expect(lintDefinition(definition).map((finding) => finding.code)).toEqual([code])
  })
})

it('what an example does not say has no finding of its own', () => {
  expect(lintDefinition(toDefinition(definitionDocument.parse(rest)))).toEqual([])
})
