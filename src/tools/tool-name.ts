import { createHash } from 'node:crypto'

const maxLength = 64

/**
 * The name by which a model calls a tool: of `files.read_text_file`, `files__read_text_file`. What providers don't take
 * is replaced; a name that is too long or taken ends with a hash of the whole.
 */
export function modelToolName(servedName: string, taken: ReadonlySet<string>): string {
  const name = servedName.replace('.', '__').replaceAll(/[^a-zA-Z0-9_-]/g, '_')
  if (name.length <= maxLength && !taken.has(name)) return name
  const hash = createHash('sha256').update(servedName).digest('hex').slice(0, 10)
  return `${name.slice(0, maxLength - hash.length - 1)}_${hash}`
}
