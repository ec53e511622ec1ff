import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/**
 * What was wrong with a request, each fault as `place: expected, found`.
 * @param where body, querystring, params or headers
 */
export function explainIssues(where: string, issues: readonly Issue[]): string {
  const faults = issues.map((issue) => `${place(where, issue.path)}: ${fault(issue)}.`)
  return [...new Set(faults)].join(' ')
}

function place(where: string, path: readonly PropertyKey[]): string {
  const field = path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  )
  return field === '' ? (where === 'body' ? 'The body' : where) : field
}

function fault(issue: Issue): string {
  const expected = issue.message
    .replace(/^Invalid (?:input|option): /, '')
    .replace(/, received .*$/s, '')
    .replace('expected record', 'expected object')
    .replace(/^expected int$/, 'expected a whole number')
    .replaceAll('"|"', '", "')
  return expected.includes(', found ') ? expected : `${expected}, found ${shown(issue.input)}`
}

const maxShownCharacters = 40

function shown(input: unknown): string {
  if (input === undefined) return 'nothing'
  if (Array.isArray(input)) return input.length === 0 ? 'an empty array' : 'an array'
  if (typeof input === 'object' && input !== null) return 'an object'
  if (typeof input !== 'string') return String(input)
  const length = [...input].length
  return length > maxShownCharacters ? `${length.toLocaleString('en')} characters` : JSON.stringify(input)
}
