import { UsageError } from './usage-error.ts'

/** What a condition may name. */
export interface Measure {
  /** What stands in its parentheses, in capitals, for messages; left out where there are none. */
  readonly argument?: string
  /** A share goes from 0 to 1, and may be written in percent. */
  readonly isShare: boolean
  /** Whether `low(...)` and `high(...)` can ask for the ends of its 95% interval. */
  readonly hasInterval: boolean
}

export type Measures = Readonly<Record<string, Measure>>

const operators = ['>=', '<=', '==', '!=', '>', '<'] as const

/** One comparison of a figure with a limit, such as `share(rejected) > 0.05`. */
export interface Condition {
  /** As it was written. */
  readonly text: string
  readonly measure: string
  readonly argument: string | undefined
  /** An end of the measure's interval, instead of the measure. */
  readonly bound: 'low' | 'high' | undefined
  readonly operator: (typeof operators)[number]
  readonly limit: number
}

/**
 * Reads a condition: `MEASURE OPERATOR NUMBER`, where the measure is a name, one with an argument in parentheses (in
 * JSON's quotes where it holds a parenthesis), or `low(...)` or `high(...)` of one.
 * @throws UsageError, which says where the text is no condition, and what would be right there
 */
export function parseCondition(text: string, measures: Measures): Condition {
  const reader = new Reader(text)
  const named = readMeasure(reader, measures)
  const operator = operators.find((one) => reader.take(one))
  if (operator === undefined) throw reader.fault(`expected one of ${operators.join(' ')}`)
  return { text, ...named, operator, limit: readLimit(reader, measures[named.measure]?.isShare === true) }
}

type Named = Pick<Condition, 'measure' | 'argument' | 'bound'>

function readMeasure(reader: Reader, measures: Measures): Named {
  const at = reader.at
  const name = reader.match(/[a-z_]+/y) ?? ''
  if (name === 'low' || name === 'high') {
    reader.expect('(', `${name}(MEASURE)`)
    const innerAt = reader.skip()
    const inner = readMeasure(reader, measures)
    if (inner.bound !== undefined || measures[inner.measure]?.hasInterval !== true) {
      throw reader.fault(`expected a measure with an interval: ${namesOf(measures, true)}`, innerAt)
    }
    reader.expect(')', ')')
    return { ...inner, bound: name }
  }
  const measure = Object.hasOwn(measures, name) ? measures[name] : undefined
  if (measure === undefined) {
    throw reader.fault(`expected one of ${namesOf(measures, false)}, or low(...) or high(...) of one`, at)
  }
  if (measure.argument === undefined) return { measure: name, argument: undefined, bound: undefined }
  const shown = `${name}(${measure.argument})`
  reader.expect('(', shown)
  const argument = readArgument(reader, shown)
  reader.expect(')', shown)
  return { measure: name, argument, bound: undefined }
}

function namesOf(measures: Measures, withInterval: boolean): string {
  return Object.entries(measures)
    .filter(([, { hasInterval }]) => hasInterval || !withInterval)
    .map(([name, { argument }]) => (argument === undefined ? name : `${name}(${argument})`))
    .join(', ')
}

function readArgument(reader: Reader, shown: string): string {
  const at = reader.skip()
  const quoted = reader.match(/"(?:[^"\\]|\\.)*"/y)
  if (quoted !== undefined) {
    try {
      return JSON.parse(quoted)
    } catch {
      throw reader.fault('expected text in quotes as JSON writes it', at)
    }
  }
  const argument = reader.match(/[^()"]+/y)?.trim() ?? ''
  if (argument === '') throw reader.fault(`expected ${shown}`, at)
  return argument
}

function readLimit(reader: Reader, isShare: boolean): number {
  const at = reader.skip()
  const text = reader.match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy)
  const isPercent = text !== undefined && reader.take('%')
  const number = Number(text) / (isPercent ? 100 : 1)
  const isFine = text !== undefined && (isShare ? number >= 0 && number <= 1 : !isPercent)
  if (!isFine) {
    throw reader.fault(isShare ? 'expected a share from 0 to 1, like 0.05 or 5%' : 'expected a number', at)
  }
  reader.skip()
  if (!reader.isDone) throw reader.fault('expected nothing more')
  return number
}

/** Goes through a text; spaces between its parts mean nothing. */
class Reader {
  readonly #text: string
  at = 0

  constructor(text: string) {
    this.#text = text
    this.skip()
  }

  get isDone(): boolean {
    return this.at === this.#text.length
  }

  skip(): number {
    while (this.#text[this.at] === ' ') this.at += 1
    return this.at
  }

  take(part: string): boolean {
    this.skip()
    if (!this.#text.startsWith(part, this.at)) return false
    this.at += part.length
    return true
  }

  expect(part: string, shown: string): void {
    if (!this.take(part)) throw this.fault(`expected ${shown}`)
  }

  /** @param pattern a sticky one */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.skip()
    const [found] = pattern.exec(this.#text) ?? []
    this.at += found?.length ?? 0
    return found
  }

  fault(expected: string, at = this.at): UsageError {
    const found = at >= this.#text.length ? 'its end' : JSON.stringify(this.#text.slice(at, at + 20))
    return new UsageError(
      `--fail-if ${JSON.stringify(this.#text)}, character ${at + 1}: ${expected}; found ${found}.`,
    )
  }
}

/** How a figure stands to a condition. */
export interface Verdict {
  readonly condition: Condition
  /** Undefined where there was nothing to measure. */
  readonly figure: number | undefined
  /** A condition whose figure is not known counts as one that holds: nothing shows that all is well. */
  readonly holds: boolean
}

export function judgeCondition(condition: Condition, figure: number | undefined): Verdict {
  return { condition, figure, holds: figure === undefined || compare(figure, condition) }
}

function compare(figure: number, { operator, limit }: Condition): boolean {
  switch (operator) {
    case '>':
      return figure > limit
    case '>=':
      return figure >= limit
    case '<':
      return figure < limit
    case '<=':
      return figure <= limit
    case '==':
      return figure === limit
    case '!=':
      return figure !== limit
  }
}
