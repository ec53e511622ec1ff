import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/**
 * What was wrong with a request, each fault as `place: expected, found`.
 * @param where body, querystring, params or headers
 */
export function explainIssues(where: string, issues: readonly Issue[]): string {
  const faults = issues
    .flatMap((issue) => innermost(issue, []))
    .map(({ path, issue }) => `${place(where, path)}: ${fault(issue)}.`)
  return [...new Set(faults)].join(' ')
}

interface Fault {
  readonly path: readonly PropertyKey[]
  readonly issue: Issue
}

/** Of a union, the faults of the form that was meant: the one that comes closest. */
function innermost(issue: Issue, outer: readonly PropertyKey[]): Fault[] {
  const path = [...outer, ...issue.path]
  if (issue.code !== 'invalid_union') return [{ path, issue }]
  const [closest] = [...issue.errors].sort((one, other) => distance(one) - distance(other))
  return closest === undefined
    ? [{ path, issue }]
    : closest.flatMap((inner) => innermost(inner as Issue, path))
}

function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + distanceOf(issue), 0)
}

/** A field that is there but wrong says that this form was meant; one that is missing, or another type's name, that it was not. */
function distanceOf({ code, path, message }: z.core.$ZodIssue): number {
  if (code === 'invalid_type' && path.length === 0) return 20
  if (code === 'invalid_value' && path.length > 0) return 10
  return message.endsWith('received undefined') ? 4 : -5
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
