import type { ReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { ColumnMapping } from '../datasets/forms/column-mapping.ts'
import { RowFault } from '../datasets/forms/row-fields.ts'
import { readRows } from '../datasets/read-rows.ts'
import { chooseForm, type RecordForm, toRecordContent } from '../datasets/record-forms.ts'
import { type Row, UnreadableFileError } from '../datasets/rows/row.ts'
import { formatOf, type RowFormat } from '../datasets/rows/row-format.ts'
import { AssizeError } from '../errors.ts'
import type { Io } from './commands.ts'
import { type RefusedLine, type RunItem, toItem } from './run-item.ts'

export interface DataChoices {
  /** Of a file, or `-` for standard input. */
  readonly path: string
  readonly format: RowFormat | undefined
  readonly mapping: ColumnMapping | undefined
}

/** The records of a file, in its order. */
export interface RunData extends AsyncDisposable {
  /** As messages call it. */
  readonly name: string
  /** Of a file, which can be read again; undefined for what another program writes. */
  readonly sizeBytes: number | undefined
  /** How much of it was read, in the latest reading. */
  readBytes(): number
  /**
   * Reads it from its beginning; what another program writes only once.
   * @throws AssizeError `request_invalid`, which says where it can't be read
   */
  read(): AsyncGenerator<RunItem | RefusedLine, void, undefined>
  /** Breaks off what waits for more; what is read then fails. */
  breakOff(): void
}

/** @throws AssizeError `request_invalid` where there is no such file */
export async function openData(choices: DataChoices, io: Io): Promise<RunData> {
  const { path } = choices
  if (path === '-') return streamed(choices, io.stdin as Readable)
  const file = await openFile(path)
  const facts = await file.stat()
  // What another program writes can be read once only, whatever its name.
  if (!facts.isFile()) return streamed(choices, file.createReadStream())
  const { size } = facts
  let source: ReadStream | undefined
  return {
    name: path,
    sizeBytes: size,
    readBytes: () => source?.bytesRead ?? 0,
    read() {
      source = file.createReadStream({ autoClose: false, start: 0 })
      const randomAccess = { sizeBytes: size, slice: (start: number, end: number) => slice(file, start, end) }
      const rows = readRows(source, choices.format ?? formatOf(path, null), { randomAccess })
      return items(rows, choices, mostRowsForForm)
    },
    breakOff: () => undefined,
    [Symbol.asyncDispose]: () => file.close(),
  }
}

function streamed(choices: DataChoices, stream: Readable): RunData {
  return {
    name: choices.path === '-' ? 'standard input' : choices.path,
    sizeBytes: undefined,
    readBytes: () => 0,
    // Whoever writes the rows one by one waits for the judgment of the first.
    read: () => items(readRows(stream, choices.format), choices, 1),
    breakOff: () => stream.destroy(),
    async [Symbol.asyncDispose]() {
      stream.destroy()
    },
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path)
    if (!(await file.stat()).isDirectory()) return file
    await file.close()
  } catch (error) {
    throw new AssizeError('request_invalid', `${path} can't be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
  throw new AssizeError('request_invalid', `${path} is a folder; expected a file, or - for standard input.`)
}

async function slice(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(end - start)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

/** How many rows may be looked at to see how rows say a conversation. */
const mostRowsForForm = 100

/** @param rowsForForm how many are looked at, where those say it; else more are */
async function* items(
  rows: AsyncGenerator<Row, void, undefined>,
  { path, mapping }: DataChoices,
  rowsForForm: number,
): AsyncGenerator<RunItem | RefusedLine, void, undefined> {
  const waiting: Row[] = []
  let form: RecordForm | undefined
  try {
    for await (const row of rows) {
      if (form !== undefined) {
        yield itemOf(row, form)
        continue
      }
      waiting.push(row)
      if (waiting.length >= rowsForForm) form = findForm(waiting, mapping)
      if (form !== undefined) for (const one of waiting) yield itemOf(one, form)
    }
    if (form !== undefined) return
    form = chooseForm(waiting, mapping)
    for (const one of waiting) yield itemOf(one, form)
  } catch (error) {
    if (!(error instanceof UnreadableFileError || error instanceof RowFault)) throw error
    const name = path === '-' ? 'standard input' : path
    throw new AssizeError('request_invalid', `${name}: ${error.message}`, { cause: error })
  }
}

/**
 * Undefined where the rows so far don't say it.
 * @throws RowFault where so many don't that more would not
 */
function findForm(rows: readonly Row[], mapping: ColumnMapping | undefined): RecordForm | undefined {
  try {
    return chooseForm(rows, mapping)
  } catch (error) {
    if (error instanceof RowFault && rows.length < mostRowsForForm) return undefined
    throw error
  }
}

function itemOf(row: Row, form: RecordForm): RunItem | RefusedLine {
  if ('reason' in row) return row
  const content = toRecordContent(row.value, form)
  return 'reason' in content ? { line: row.line, reason: content.reason } : toItem(row.line, content)
}
