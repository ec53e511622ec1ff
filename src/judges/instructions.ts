import type { Environment } from 'minijinja-js'
import { AssizeError } from '../errors.ts'
import { type PlainTemplate, plainTemplate, renderPlain } from './plain-template.ts'
import { createTemplateEngine } from './template-engine.ts'

/** Steps that rendering one template may take; a loop over a thousand records takes some ten thousand. */
const maxFuel = 200_000
const maxKeptTemplates = 500

let engine: Environment | undefined
interface Template {
  /** In the engine. */
  readonly name: string
  readonly variables: ReadonlySet<string>
}

/** By source, least recently used first. */
let kept = new Map<string, Template>()
let templatesEver = 0
/** By source; undefined where the engine is needed. */
const plainTemplates = new Map<string, PlainTemplate | undefined>()
let writeValue: (text: string) => string = (text) => text

/**
 * Checks that instructions are a Jinja2 template.
 * @throws AssizeError `template_syntax` with the line and the reason
 */
export function checkInstructions(instructions: string): void {
  if (plainOf(instructions) !== undefined) return
  const name = 'instructions'
  try {
    startedEngine().addTemplate(name, instructions)
    startedEngine().addTemplate(name, markValues(instructions))
    startedEngine().removeTemplate(name)
  } catch (error) {
    dropBrokenEngine(error)
    throw new AssizeError('template_syntax', `instructions: ${explain(error)}`, { cause: error })
  }
}

/**
 * Renders instructions as Jinja2.
 * @param variables what the template can name; a missing one, or a missing part of one, renders as nothing
 * @param write called on each value that the template writes out, to mark it as data; what it gives is
 *   written as it is, never evaluated
 * @throws AssizeError `template_failed` with the line and the reason; runaway loops and memory end there too
 */
export function renderInstructions(
  instructions: string,
  variables: Readonly<Record<string, unknown>>,
  write: (text: string) => string,
): string {
  const plain = plainOf(instructions)
  const rendered = plain && renderPlain(plain, variables, write)
  if (rendered !== undefined) return rendered
  writeValue = write
  try {
    const template = templateOf(instructions)
    return startedEngine().renderTemplate(template.name, only(template.variables, variables))
  } catch (error) {
    dropBrokenEngine(error)
    throw new AssizeError('template_failed', `instructions: ${explain(error)}`, { cause: error })
  }
}

/** What the template can't name would be copied into the engine for nothing. */
function only(
  names: ReadonlySet<string>,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)))
}

/** Whether the template names one of these variables outside of text and comments. */
export function usesVariable(instructions: string, names: readonly string[]): boolean {
  const plain = plainOf(instructions)
  if (plain !== undefined) return names.some((name) => plain.names.includes(name))
  const { variables } = templateOf(instructions)
  return names.some((name) => variables.has(name))
}

function plainOf(source: string): PlainTemplate | undefined {
  const plain = plainTemplates.get(source)
  if (plain !== undefined || plainTemplates.has(source)) return plain
  if (plainTemplates.size >= maxKeptTemplates) plainTemplates.clear()
  const found = plainTemplate(source)
  plainTemplates.set(source, found)
  return found
}

function variablesIn(instructions: string): ReadonlySet<string> {
  const code = tagsIn(instructions).map((tag) => tag.code)
  return new Set(code.flatMap((each) => [...each.matchAll(variableName)].map(([name]) => name)))
}

/** A piece of a template that is evaluated. */
export interface TemplateTag {
  /** Without its marks; what stands in string literals is left out. */
  readonly code: string
  readonly isStatement: boolean
  readonly start: number
}

/** The tags of a template, in order. */
export function tagsIn(instructions: string): readonly TemplateTag[] {
  return [...instructions.matchAll(templateTags)].flatMap(({ groups, index }) => {
    const code = groups?.expression ?? groups?.statement
    if (code === undefined) return []
    const isStatement = groups?.statement !== undefined
    return [{ code: code.replaceAll(stringLiterals, '""'), isStatement, start: index }]
  })
}

/** The template's own words: tags, comments and raw blocks are blanks, line ends stay where they are. */
export function wordsOf(instructions: string): string {
  return instructions.replaceAll(templateTags, (tag) => tag.replaceAll(/[^\n]/g, ' '))
}

function startedEngine(): Environment {
  if (engine === undefined) {
    engine = createTemplateEngine()
    engine.fuel = maxFuel
    engine.addFilter('__write', (value: unknown) => writeValue(textOf(value)))
    kept = new Map()
  }
  return engine
}

/** A trap inside the engine leaves its memory as it was, so that what it held is lost to it. */
function dropBrokenEngine(error: unknown): void {
  if (isTrap(error)) engine = undefined
}

function isTrap(error: unknown): boolean {
  return error instanceof Error && error.name === 'RuntimeError'
}

function templateOf(source: string): Template {
  const running = startedEngine()
  const known = kept.get(source)
  const template = known ?? { name: `t${++templatesEver}`, variables: variablesIn(source) }
  if (known === undefined) running.addTemplate(template.name, markValues(source))
  else kept.delete(source)
  kept.set(source, template)
  const [oldest] = kept
  if (kept.size > maxKeptTemplates && oldest) {
    running.removeTemplate(oldest[1].name)
    kept.delete(oldest[0])
  }
  return template
}

const string = String.raw`"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'`
const stringLiterals = new RegExp(string, 'g')
/** A name that is no attribute of something else. */
const variableName = /(?<![.\w])[A-Za-z_]\w*/g
/** Comments and raw blocks are matched so that what looks like a tag in them is passed over. */
const templateTags = new RegExp(
  [
    String.raw`\{#[\s\S]*?#\}`,
    String.raw`\{%[-+]?\s*raw\s*[-+]?%\}[\s\S]*?\{%[-+]?\s*endraw\s*[-+]?%\}`,
    String.raw`\{%(?<statement>(?:${string}|[^"'])*?)%\}`,
    String.raw`\{\{(?<open>[-+]?)(?<expression>(?:${string}|[^"'])*?)(?<close>[-+]?)\}\}`,
  ].join('|'),
  'g',
)

/** `{{ value }}` becomes `{{ (value)|__write }}`: the engine has no hook on what is written out. */
function markValues(source: string): string {
  return source.replaceAll(templateTags, (tag, ...rest) => {
    const groups = rest.at(-1) as Record<string, string | undefined>
    if (groups.expression === undefined) return tag
    return `{{${groups.open}(${groups.expression})|__write${groups.close}}}`
  })
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') return JSON.stringify(plain(value), null, 2)
  return String(value)
}

/** The engine hands objects out as maps, and null inside them as undefined. */
function plain(value: unknown): unknown {
  if (value === undefined) return null
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]))
  return Array.isArray(value) ? value.map(plain) : value
}

/** `syntax error: unexpected end of input (in t1:3)` and a drawing below it -> `line 3: unexpected end of input`. */
function explain(error: unknown): string {
  if (isTrap(error)) return 'the template needs too much memory.'
  const [first = ''] = (error as Error).message.split('\n')
  const parts = /^(?:syntax error: |invalid operation: )?(?<reason>.*?)(?: \(in [^)]*:(?<line>\d+)\))?$/.exec(
    first,
  )
  const line = parts?.groups?.line
  return `${line === undefined ? '' : `line ${line}: `}${parts?.groups?.reason ?? first}.`
}
