import { type FileHandle, open } from 'node:fs/promises'
import type { ComparedSide } from '../agreement/comparability.ts'
import type { ComparedJudgment } from '../agreement/run-comparison.ts'
import { AssizeError } from '../errors.ts'
import { fileLines } from './file-lines.ts'
import { parseResult, type ResultLine } from './run-result.ts'

/** One of two files of results, as a comparison names it. */
export interface ComparedFile {
  readonly file: string
  readonly judge_name: string
  readonly judge_id: string | null
  readonly revision_id: string | null
}

/** What a comparison needs of a result. */
export interface ComparedResult {
  /** The record's, as JSON, so that 1 and "1" are two. */
  readonly key: string
  readonly id: string | number
  readonly line: number
  readonly inputFingerprint: string
  readonly judgment: ComparedJudgment
}

/** Reads a file of results, one line after the other. Throws AssizeError `request_invalid`, which names file and line. */
export class ResultReader implements AsyncDisposable {
  readonly #path: string
  readonly #file: FileHandle
  readonly #results: AsyncGenerator<ResultLine, void, undefined>
  readonly #head: ResultLine
  /** Where each id stands. */
  readonly #lines = new Map<string, number>()
  #isHeadGiven = false

  private constructor(
    path: string,
    file: FileHandle,
    results: AsyncGenerator<ResultLine, void, undefined>,
    head: ResultLine,
  ) {
    this.#path = path
    this.#file = file
    this.#results = results
    this.#head = head
  }

  static async open(path: string): Promise<ResultReader> {
    const file = await open(path).catch((cause: Error) => {
      throw new AssizeError('request_invalid', `${path} can't be read: ${cause.message}`, { cause })
    })
    const results = readResults(path, file)
    try {
      const { value: head } = await results.next()
      if (head !== undefined) return new ResultReader(path, file, results, head)
    } catch (error) {
      await file.close()
      throw error
    }
    await file.close()
    throw new AssizeError('request_invalid', `${path} has no results; expected a file that assize run wrote.`)
  }

  get shown(): ComparedFile {
    const { judge_name, judge_id, revision_id } = this.#head
    return { file: this.#path, judge_name, judge_id, revision_id }
  }

  get side(): ComparedSide {
    const { judge_name, judge_id, revision_id, judge_fingerprint, output } = this.#head
    const traits = { judge: judge_id ?? judge_name, revision: revision_id, judge_fingerprint }
    return { output, traits }
  }

  /** Undefined behind the last. */
  async next(): Promise<ComparedResult | undefined> {
    const { value: result } = this.#isHeadGiven ? await this.#results.next() : { value: this.#head }
    this.#isHeadGiven = true
    if (result === undefined) return undefined
    if (result.judge_fingerprint !== this.#head.judge_fingerprint) {
      throw this.#fault(result, 'is by another judge than the lines before; expected the results of one run')
    }
    const key = JSON.stringify(result.id)
    const before = this.#lines.get(key)
    if (before !== undefined) {
      throw this.#fault(
        result,
        `has the id ${key}, which the record of line ${before} has too; expected ids that tell records apart`,
      )
    }
    this.#lines.set(key, result.line)
    const { id, line, input_fingerprint: inputFingerprint } = result
    return { key, id, line, inputFingerprint, judgment: toJudgment(result) }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }

  #fault({ line }: ResultLine, what: string): AssizeError {
    return new AssizeError('request_invalid', `${this.#path}: the result of record line ${line} ${what}.`)
  }
}

async function* readResults(path: string, file: FileHandle): AsyncGenerator<ResultLine, void, undefined> {
  let number = 0
  for await (const { text } of fileLines(file)) {
    number += 1
    if (text.trim() === '') continue
    const result = parseResult(text)
    if (result === undefined) {
      throw new AssizeError(
        'request_invalid',
        `${path}, line ${number} is no result; expected a line that assize run wrote.`,
      )
    }
    yield result
  }
}

function toJudgment(result: ResultLine): ComparedJudgment {
  return {
    id: null,
    outcome: result.outcome,
    answer: result.answer,
    analysis: result.analysis,
    servedModel: `${result.provider}/${result.model_name}`,
    enforcement: result.enforcement,
  }
}
