import { readFileSync } from 'node:fs'
import { ObservabilityErrorCode } from '@mistralai/mistralai/models/components'
import { expect, it } from 'vitest'
import { catalogue } from '../src/errors.ts'

/** Rows of the table: situation, status and code, as they stand in the document. */
const documented = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

it('docs/errors.md has each situation of the catalogue, in its order, and no other', () => {
  const rows = Object.entries(catalogue).map(([situation, { status, errorCode }]) => [
    `\`${situation}\``,
    String(status),
    errorCode === null ? 'null' : `\`${errorCode}\``,
  ])
  expect(documented.map((cells) => cells.slice(1, 4))).toEqual(rows)
})

it('docs/errors.md says of each when it happens and what to do', () => {
  for (const [, situation, , , when, whatToDo, end] of documented) {
    expect(
      [when, whatToDo].every((text) => (text?.length ?? 0) > 10),
      situation,
    ).toBe(true)
    expect(end).toBe('')
  }
})

it('has no code that the SDKs do not know', () => {
  const known = Object.values(ObservabilityErrorCode) as string[]
  for (const { errorCode } of Object.values(catalogue)) {
    if (errorCode !== null) expect(known).toContain(errorCode)
  }
})
