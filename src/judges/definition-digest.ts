import { createHash } from 'node:crypto'
import type { Definition } from './definition.ts'
import { fromDefinition } from './definition-document.ts'

/**
 * A short sign of what a definition says, the same wherever it is kept: two definitions with one digest say the same.
 * @returns `sha256:` and 64 hex digits
 */
export function digestOf(definition: Definition): string {
  const text = JSON.stringify(fromDefinition(definition))
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
