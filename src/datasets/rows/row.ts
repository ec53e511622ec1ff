import { mostRecordBytes } from '../record-content.ts'

/** A row of a file, by the line (or, of JSON arrays and Parquet, the number) at which a person finds it, from 1. */
export type Row = ReadRow | RefusedRow

export interface ReadRow {
  readonly line: number
  readonly value: unknown
}

/** What can't be read, and why: whole sentences for people. */
export interface RefusedRow {
  readonly line: number
  readonly reason: string
}

export type Bytes = AsyncIterable<Uint8Array>

/** What may be read at any place, as Parquet has to be. */
export interface RandomAccess {
  readonly sizeBytes: number
  /** The bytes from `start` to just before `end`. */
  slice(start: number, end: number): Promise<Uint8Array>
}

/** The file can't be read, or not from some place on: its message says where, and what would be right. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError'
}

/** JSON may spell a character in six, so that a row can be longer than the record that it becomes. */
export const mostRowBytes = 4 * mostRecordBytes

export function tooLong(line: number): RefusedRow {
  return {
    line,
    reason: `The row is longer than ${mostRowBytes.toLocaleString('en')} bytes, the most that is read of one.`,
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @returns undefined where the bytes are no UTF-8; a byte order mark is left out */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

export function notUtf8(line: number): RefusedRow {
  return { line, reason: 'The row is no UTF-8; save the file in this encoding.' }
}

/** Reads one row's JSON. */
export function jsonRow(line: number, bytes: Uint8Array): Row {
  const text = textOf(bytes)
  if (text === undefined) return notUtf8(line)
  try {
    return { line, value: JSON.parse(text) }
  } catch (error) {
    return { line, reason: `The row is no JSON: ${(error as Error).message}.` }
  }
}
