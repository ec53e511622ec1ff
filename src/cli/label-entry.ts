import type { Io } from './commands.ts'
import type { Typing } from './typing.ts'
import { visibleText } from './visible-text.ts'

/** What a judge answers, as the API gives it. */
export type AskedOutput =
  | {
      readonly type: 'CLASSIFICATION'
      readonly options: readonly { readonly value: string; readonly description: string }[]
    }
  | {
      readonly type: 'REGRESSION'
      readonly min: number
      readonly min_description: string
      readonly max: number
      readonly max_description: string
    }

/** What a person typed. */
export type LabelEntry =
  | { readonly kind: 'label'; readonly value: string | number | null }
  | { readonly kind: 'skip' }
  | { readonly kind: 'undo' }
  | { readonly kind: 'quit' }

const commands: Readonly<Record<string, LabelEntry>> = {
  x: { kind: 'label', value: null },
  s: { kind: 'skip' },
  u: { kind: 'undo' },
  q: { kind: 'quit' },
}

/** Nine options have a key of their own; more are typed as a number and Enter. */
const mostKeys = 9

/** Asks until what is typed is a label or a command; the end of the input quits. */
export async function askForLabel(output: AskedOutput, typing: Typing, io: Io): Promise<LabelEntry> {
  const isByKey = output.type === 'CLASSIFICATION' && output.options.length <= mostKeys
  for (;;) {
    io.stdout.write(promptOf(output))
    const typed = isByKey ? await typing.key() : await typing.line(Object.keys(commands))
    if (typed === undefined) return { kind: 'quit' }
    io.stdout.write('\n')
    const entry = readEntry(typed, output)
    if (entry !== undefined) return entry
    io.stdout.write(`${JSON.stringify(typed)} is none of these.\n`)
  }
}

/** What was typed, as a label or a command; undefined where it is neither. */
export function readEntry(typed: string, output: AskedOutput): LabelEntry | undefined {
  const text = typed.trim()
  const command = Object.hasOwn(commands, text) ? commands[text] : undefined
  if (command !== undefined) return command
  if (output.type === 'CLASSIFICATION') {
    const value = /^\d{1,6}$/.test(text) ? output.options[Number(text) - 1]?.value : undefined
    return value === undefined ? undefined : { kind: 'label', value }
  }
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  return number >= output.min && number <= output.max ? { kind: 'label', value: number } : undefined
}

function promptOf(output: AskedOutput): string {
  const lines =
    output.type === 'CLASSIFICATION'
      ? output.options.map(
          ({ value, description }, at) => `${at + 1}  ${visibleText(value)}  ${visibleText(description)}`,
        )
      : [
          `${output.min}  ${visibleText(output.min_description)}`,
          `${output.max}  ${visibleText(output.max_description)}`,
        ]
  return `\n${lines.map((line) => line.trimEnd()).join('\n')}\nx can't be told, s skip, u undo, q quit > `
}
