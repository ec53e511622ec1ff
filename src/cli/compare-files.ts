import { compareRuns } from '../agreement/compare-runs.ts'
import { type ComparisonDocument, comparisonDocument } from '../agreement/comparison-document.ts'
import type { ComparedRecord } from '../agreement/run-comparison.ts'
import { type ComparedFile, type ComparedResult, ResultReader } from './compare-reader.ts'

export interface FileComparison extends ComparisonDocument {
  readonly first: ComparedFile
  readonly second: ComparedFile
  /** Records that are in both under the same id, and don't say the same: they are counted as in one file only. */
  readonly changed_inputs: number
}

/**
 * Compares two files of results, paired by the ids of their records.
 * @throws AssizeError `request_invalid`, which names the file and the line
 */
export async function compareFiles(
  firstPath: string,
  secondPath: string,
  mostFlips: number,
): Promise<FileComparison> {
  await using first = await ResultReader.open(firstPath)
  await using second = await ResultReader.open(secondPath)
  const pairing = new Pairing(first, second)
  const comparison = await compareRuns(
    { first: first.side, second: second.side, mostFlips },
    pairing.records(),
  )
  return {
    first: first.shown,
    second: second.shown,
    ...comparisonDocument(comparison),
    changed_inputs: pairing.changedInputs,
  }
}

/** Pairs two files in step, and keeps what waits for its other half: almost nothing where both have the same order. */
class Pairing {
  readonly #first: ResultReader
  readonly #second: ResultReader
  changedInputs = 0

  constructor(first: ResultReader, second: ResultReader) {
    this.#first = first
    this.#second = second
  }

  async *records(): AsyncGenerator<ComparedRecord, void, undefined> {
    const [firsts, seconds] = [new Map<string, ComparedResult>(), new Map<string, ComparedResult>()]
    for (;;) {
      const first = await this.#first.next()
      if (first !== undefined) yield* this.#pair(first, seconds, firsts, (other) => [first, other])
      const second = await this.#second.next()
      if (second !== undefined) yield* this.#pair(second, firsts, seconds, (other) => [other, second])
      if (first === undefined && second === undefined) break
    }
    for (const first of firsts.values()) yield recordOf(first, undefined)
    for (const second of seconds.values()) yield recordOf(undefined, second)
  }

  *#pair(
    one: ComparedResult,
    others: Map<string, ComparedResult>,
    waiting: Map<string, ComparedResult>,
    inOrder: (other: ComparedResult) => readonly [first: ComparedResult, second: ComparedResult],
  ): Generator<ComparedRecord, void, undefined> {
    const other = others.get(one.key)
    if (other === undefined) {
      waiting.set(one.key, one)
      return
    }
    others.delete(one.key)
    const [first, second] = inOrder(other)
    if (one.inputFingerprint === other.inputFingerprint) {
      yield recordOf(first, second)
      return
    }
    this.changedInputs += 1
    yield recordOf(first, undefined)
    yield recordOf(undefined, second)
  }
}

function recordOf(first: ComparedResult | undefined, second: ComparedResult | undefined): ComparedRecord {
  const { id, line } = (first ?? second) as ComparedResult
  return { recordId: String(id), itemNumber: line, first: first?.judgment, second: second?.judgment }
}
