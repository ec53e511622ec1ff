import { parse } from 'csv-parse/browser/esm/sync'

/** What the beginning of a file tells: whether it holds conversations, or columns that have to be told what they are. */
export type FileShape =
  | { readonly kind: 'conversations' }
  | { readonly kind: 'columns'; readonly columns: readonly string[] }

/** So much of a file tells its shape. */
export const shapeBytes = 256 * 1024

/**
 * The shape of a file of conversations.
 * @param name the file's, whose end says what it is
 * @param beginning its first `shapeBytes` bytes, as text
 * @returns undefined where only the server can tell: Parquet, what is compressed, and what can't be read
 */
export function readShape(name: string, beginning: string): FileShape | undefined {
  const end = name.toLowerCase().split('.').at(-1)
  switch (end) {
    case 'csv':
    case 'tsv':
      return columnsOf(beginning, end === 'tsv' ? '\t' : ',')
    case 'jsonl':
    case 'ndjson':
      return shapeOf(firstObject(beginning.split('\n').find((line) => line.trim() !== '') ?? ''))
    case 'json':
      return shapeOf(firstObject(beginning))
    default:
      return undefined
  }
}

function columnsOf(text: string, delimiter: string): FileShape | undefined {
  const options = {
    delimiter,
    to_line: 1,
    relax_quotes: true,
    relax_column_count: true,
    bom: true,
    skip_empty_lines: true,
  }
  try {
    const [columns] = parse(text, options) as string[][]
    return columns === undefined ? undefined : { kind: 'columns', columns }
  } catch {
    return undefined
  }
}

/** The first object of a text that may be cut. */
function firstObject(text: string): unknown {
  for (const candidate of [text, `${text.trimEnd().replace(/,$/, '')}]`]) {
    try {
      const value: unknown = JSON.parse(candidate)
      return Array.isArray(value) ? value[0] : value
    } catch {
      // It is cut, or no JSON: the server will say which.
    }
  }
  return undefined
}

function shapeOf(first: unknown): FileShape | undefined {
  if (typeof first !== 'object' || first === null) return undefined
  if ('messages' in first || 'payload' in first || 'conversation' in first) return { kind: 'conversations' }
  return { kind: 'columns', columns: Object.keys(first) }
}

const usual: Readonly<Record<'input' | 'output' | 'context' | 'system', readonly string[]>> = {
  input: ['input', 'question', 'prompt', 'user', 'query', 'instruction', 'text'],
  output: ['output', 'answer', 'response', 'reply', 'assistant', 'completion', 'summary', 'prediction'],
  context: ['context', 'source', 'document', 'passage'],
  system: ['system', 'system_prompt'],
}

/** Columns whose names say what they likely are. */
export function guessMapping(columns: readonly string[]): Partial<Record<keyof typeof usual, string>> {
  const named = Object.entries(usual).flatMap(([role, names]) => {
    const column = names.flatMap((name) => columns.filter((one) => one.toLowerCase() === name))[0]
    return column === undefined ? [] : [[role, column]]
  })
  return Object.fromEntries(named)
}
