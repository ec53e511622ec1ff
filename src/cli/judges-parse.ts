import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import { definitionDocument, fromDefinition, toDefinition } from '../judges/definition-document.ts'
import { checkInstructions } from '../judges/instructions.ts'
import { linesOf } from './document-lines.ts'

/** What a file says, or every fault of it, each with its line. */
export type ParsedJudge =
  | { readonly definition: Definition; readonly unknownFields: readonly string[] }
  | { readonly faults: readonly Fault[] }

export interface Fault {
  /** In the file, from 1. */
  readonly line: number
  /** The field, where there is one, and what is wrong with it. */
  readonly message: string
}

/** Reads a judge as it stands in a file of YAML. */
export function parseJudge(text: string): ParsedJudge {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({
      line: counter.linePos(pos[0]).line,
      message,
    }))
    return { faults }
  }
  let raw: unknown
  try {
    raw = document.toJS()
  } catch (error) {
    return { faults: [{ line: 1, message: (error as Error).message }] }
  }
  const result = definitionDocument.safeParse(raw)
  if (!result.success) {
    const lineOf = linesOf(text)
    const faults = result.error.issues.map((issue) => faultOf(issue, lineOf))
    return { faults: faults.sort((one, other) => one.line - other.line) }
  }
  const definition = toDefinition(result.data)
  const fault = templateFault(definition.instructions, text)
  if (fault !== undefined) return { faults: [fault] }
  return { definition, unknownFields: unknownFields(raw, fromDefinition(definition)) }
}

type LineOf = ReturnType<typeof linesOf>

function faultOf(issue: z.core.$ZodIssue, lineOf: LineOf): Fault {
  const path = fieldOf(issue.path)
  const message = issue.message
    .replace(/^Invalid input: /, '')
    .replace(/, received undefined$/, ', found nothing')
    .replace(/, received /, ', found ')
  return { line: lineOf({ path }), message: path === '' ? message : `${path}: ${message}` }
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, key) => fieldIn(field, key), '')
}

function fieldIn(field: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${field}[${key}]`
  return field === '' ? String(key) : `${field}.${String(key)}`
}

function templateFault(instructions: string, text: string): Fault | undefined {
  try {
    checkInstructions(instructions)
    return undefined
  } catch (error) {
    if (!(error instanceof AssizeError)) throw error
    const line = /^instructions: line (\d+): /.exec(error.message)?.[1]
    const path = 'instructions'
    const place = { path, line: line === undefined ? 1 : Number(line) }
    return { line: linesOf(text)(place), message: error.message }
  }
}

/** Fields that are written and mean nothing; those that begin with `x-` mean to. */
function unknownFields(raw: unknown, known: unknown, at = ''): readonly string[] {
  if (typeof raw !== 'object' || raw === null || typeof known !== 'object' || known === null) return []
  const isList = Array.isArray(raw)
  return Object.entries(raw).flatMap(([key, value]) => {
    const field = fieldIn(at, isList ? Number(key) : key)
    if (Object.hasOwn(known, key)) return unknownFields(value, known[key as keyof typeof known], field)
    return at === '' && key.startsWith('x-') ? [] : [field]
  })
}
