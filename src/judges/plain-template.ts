import { templateVariableNames } from './template-variables.ts'

/** A template that does nothing but write some variables out, as most do: it needs no engine. */
export interface PlainTemplate {
  /** One more than there are names: what stands before, between and behind them. */
  readonly texts: readonly string[]
  readonly names: readonly string[]
}

const expression = /\{\{[ \t\r\n]*([a-z_]+)[ \t\r\n]*\}\}/

/** @returns undefined for a template that does more, or is none: the engine tells which */
export function plainTemplate(source: string): PlainTemplate | undefined {
  // A line break at the end of a template is not a part of it.
  const parts = source
    .replace(/\r?\n?$/, '')
    .toWellFormed()
    .split(expression)
  const texts = parts.filter((_, at) => at % 2 === 0)
  const names = parts.filter((_, at) => at % 2 === 1)
  const isPlain =
    names.every((name) => templateVariableNames.includes(name)) &&
    texts.every((text) => !/\{[{%#]|\{$|^\}/.test(text))
  return isPlain ? { texts, names } : undefined
}

/**
 * What the engine would make of the template.
 * @returns undefined where a variable is no text: how that is written is the engine's to say
 */
export function renderPlain(
  { texts, names }: PlainTemplate,
  variables: Readonly<Record<string, unknown>>,
  write: (text: string) => string,
): string | undefined {
  const values = names.map((name) => variables[name] ?? '')
  if (!values.every((value) => typeof value === 'string')) return undefined
  const written = values.map((value) => write(value.toWellFormed()).toWellFormed())
  return texts.map((text, at) => text + (written[at] ?? '')).join('')
}
