import { styleText } from 'node:util'
import { structuredPatch } from 'diff'
import { stringify } from 'yaml'
import { changedFields, type DefinitionField } from '../judges/changed-fields.ts'
import type { Definition } from '../judges/definition.ts'
import { fromDefinition } from '../judges/definition-document.ts'
import type { Io } from './commands.ts'
import { compareJudges, type JudgesPlaces } from './judges-compare.ts'
import { visibleText } from './visible-text.ts'

const contextLines = 3

/**
 * Shows how files differ from their saved judges, field by field and line by line: what applying them would change.
 * Gives how many differ.
 * @throws AssizeError, RemoteError
 */
export async function diffJudges(
  { names, ...places }: JudgesPlaces & { readonly names: readonly string[] },
  io: Io,
): Promise<number> {
  const { matches } = await compareJudges(places, names)
  const paint = io.stdout.isTTY && !io.env.NO_COLOR ? painted : (line: string) => line
  let differing = 0
  for (const { file, saved } of matches.files) {
    const lines = differences(saved?.definition, file.definition)
    if (lines.length === 0) continue
    differing += 1
    const was = saved ? `saved ${JSON.stringify(saved.definition.name)}` : 'not saved'
    const shown = [`--- ${was}`, `+++ ${file.shown}`, ...lines].map((line) => paint(visibleText(line)))
    io.stdout.write(`${shown.join('\n')}\n`)
  }
  return differing
}

function painted(line: string): string {
  if (/^(?:---|\+\+\+) /.test(line)) return styleText('bold', line, { validateStream: false })
  const color = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : undefined
  if (color !== undefined) return styleText(color, line, { validateStream: false })
  return line.startsWith('@@') ? styleText('cyan', line, { validateStream: false }) : line
}

function differences(before: Definition | undefined, after: Definition): readonly string[] {
  return changedFields(before, after).flatMap((field) => {
    const [one, other] = [before ? textOf(before, field) : '', textOf(after, field)]
    const { hunks } = structuredPatch('', '', one, other, '', '', { context: contextLines })
    return hunks.flatMap(({ lines, newStart }) => {
      const place = field === 'instructions' ? `${field}, line ${newStart}` : field
      return [`@@ ${place} @@`, ...lines]
    })
  })
}

/** A field's lines, each with an end. */
function textOf(definition: Definition, field: DefinitionField): string {
  const value = fromDefinition(definition)[field]
  return typeof value === 'string' ? `${value}\n` : stringify(value, { lineWidth: 0 })
}
