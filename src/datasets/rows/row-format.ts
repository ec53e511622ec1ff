/** How the rows of a file are written. `tsv` is CSV with tabs. */
export const rowFormats = ['jsonl', 'json', 'csv', 'tsv', 'parquet'] as const

export type RowFormat = (typeof rowFormats)[number]

const byExtension: ReadonlyMap<string, RowFormat> = new Map([
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'json'],
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['parquet', 'parquet'],
])

const byMediaType: ReadonlyMap<string, RowFormat> = new Map([
  ['application/jsonl', 'jsonl'],
  ['application/jsonlines', 'jsonl'],
  ['application/x-jsonlines', 'jsonl'],
  ['application/ndjson', 'jsonl'],
  ['application/x-ndjson', 'jsonl'],
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['text/tab-separated-values', 'tsv'],
  ['application/vnd.apache.parquet', 'parquet'],
])

/** Media types that say how rows are written. */
export const rowMediaTypes: readonly string[] = [...byMediaType.keys()]

/**
 * What a file's name, and else its media type, say of its format.
 * @param name such as `data.jsonl` or `data.csv.gz`
 * @returns undefined where neither says anything
 */
export function formatOf(name: string, mediaType: string | null): RowFormat | undefined {
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase()
  const [type = ''] = (mediaType ?? '').toLowerCase().split(';')
  return byExtension.get(extension ?? '') ?? byMediaType.get(type.trim())
}

/** What the beginning of a file looks like; of text that is no JSON, CSV. */
export function formatOfContent(start: Uint8Array): RowFormat {
  const text = Buffer.from(start).toString('latin1')
  if (text.startsWith('PAR1')) return 'parquet'
  const [first] = text.trimStart()
  if (first === '[') return 'json'
  return first === '{' ? 'jsonl' : 'csv'
}
