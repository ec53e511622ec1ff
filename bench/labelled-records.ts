import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Output } from '../src/judges/definition.ts'

const labelledRecord = z.object({
  id: z.string(),
  messages: z.array(z.unknown()),
  properties: z.record(z.string(), z.unknown()).nullish(),
  label: z.union([z.string(), z.number()]),
})

/** A conversation, and what humans say of it. */
export type LabelledRecord = z.output<typeof labelledRecord>

/**
 * Reads records, one a line.
 * @throws Error naming the line that is no record, or whose label the judge could not answer
 */
export function readRecords(path: string, output: Output): readonly LabelledRecord[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [readRecord(line, `${path}:${at + 1}`, output)],
  )
}

function readRecord(line: string, place: string, output: Output): LabelledRecord {
  const result = labelledRecord.safeParse(parsed(line, place))
  if (!result.success) throw new Error(`${place}:\n${z.prettifyError(result.error)}`)
  const { label } = result.data
  if (isAnswer(label, output)) return result.data
  const right =
    output.type === 'REGRESSION'
      ? `a number from ${output.min} to ${output.max}`
      : output.options.map(({ value }) => JSON.stringify(value)).join(', ')
  throw new Error(`${place}: label: the judge can't answer ${JSON.stringify(label)}; expected ${right}.`)
}

function parsed(line: string, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new Error(`${place}: expected JSON; ${(error as Error).message}.`, { cause: error })
  }
}

function isAnswer(label: string | number, output: Output): boolean {
  if (output.type === 'REGRESSION') {
    return typeof label === 'number' && label >= output.min && label <= output.max
  }
  return output.options.some(({ value }) => value === label)
}
