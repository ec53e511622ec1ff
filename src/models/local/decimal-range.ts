import { character, choice, type Expression, repetition, sequence, text } from './grammar.ts'

const fewestDecimals = 2
const mostDecimals = 6
const empty = text('')

/**
 * Every way to write a number from min to max, both included, with at most as many decimals as the ends have,
 * but at least 2 and at most 6. An end with more decimals than that can still be answered as it is.
 * @param min at least 0
 * @param max above min, below 1e9
 */
export function decimalRange(min: number, max: number): Expression {
  const needed = Math.max(decimalsOf(min), decimalsOf(max))
  const decimals = Math.min(Math.max(needed, fewestDecimals), mostDecimals)
  const least = scaled(min, decimals, 'up')
  const most = scaled(max, decimals, 'down')
  const ends = needed > decimals ? [min, max].map((end) => text(String(end))) : []
  const between = least > most ? [] : rangeOfScaled(least, most, decimals)
  return choice(...between, ...ends)
}

interface Decimal {
  readonly digits: bigint
  /** How many of the digits come after the point. */
  readonly decimals: number
}

/** The shortest decimal that means this number, exactly as it is written. */
function readDecimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const decimals = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 }
}

function decimalsOf(value: number): number {
  return readDecimal(value).decimals
}

function scaled(value: number, decimals: number, rounding: 'up' | 'down'): bigint {
  const read = readDecimal(value)
  if (read.decimals <= decimals) return read.digits * 10n ** BigInt(decimals - read.decimals)
  const divisor = 10n ** BigInt(read.decimals - decimals)
  return (read.digits + (rounding === 'up' ? divisor - 1n : 0n)) / divisor
}

/** The ends are whole numbers of the smallest step: 1 means 0.01 when there are two decimals. */
function rangeOfScaled(least: bigint, most: bigint, decimals: number): Expression[] {
  const step = 10n ** BigInt(decimals)
  const [first, last] = [least / step, most / step]
  const firstDecimals = String(least % step).padStart(decimals, '0')
  const lastDecimals = String(most % step).padStart(decimals, '0')
  const [none, all] = ['0'.repeat(decimals), '9'.repeat(decimals)]
  if (first === last) return [sequence(text(String(first)), fraction(firstDecimals, lastDecimals))]
  const options = [
    sequence(text(String(first)), fraction(firstDecimals, all)),
    sequence(text(String(last)), fraction(none, lastDecimals)),
  ]
  if (last - first > 1n) options.push(sequence(wholeRange(first + 1n, last - 1n), fraction(none, all)))
  return options
}

/** What may follow a whole number: nothing, or a point and digits, where digits left out are zeros. */
function fraction(least: string, most: string): Expression {
  const [head, ...rest] = decimalDigits(least, most)
  const mayBeWhole = head === empty
  const digits = mayBeWhole ? rest : [head, ...rest].filter((option) => option !== undefined)
  const written = sequence(text('.'), choice(...digits))
  return mayBeWhole ? choice(empty, written) : written
}

/** Digits from least to most; `empty` comes first when leaving all of them out is in range. */
function decimalDigits(least: string, most: string): Expression[] {
  if (least === '') return [empty]
  const options = /^0*$/.test(least) ? [empty] : []
  const [none, all] = ['0'.repeat(least.length), '9'.repeat(least.length)]
  if (least === none && most === all) return [...options, repetition(digit(), 1, least.length)]
  const follow = (from: string, to: string): Expression => choice(...decimalDigits(from, to))
  return [...options, ...byFirstDigit(least, most, follow)]
}

/** Whole numbers from least to most, without leading zeros. */
function wholeRange(least: bigint, most: bigint): Expression {
  const options: Expression[] = []
  for (let from = least; from <= most; ) {
    const length = String(from).length
    const lastOfLength = 10n ** BigInt(length) - 1n
    const to = most < lastOfLength ? most : lastOfLength
    options.push(fixedDigits(String(from), String(to)))
    from = to + 1n
  }
  return choice(...options)
}

function fixedDigits(least: string, most: string): Expression {
  if (least === '') return empty
  if (/^0+$/.test(least) && /^9+$/.test(most)) return repetition(digit(), least.length, least.length)
  return choice(...byFirstDigit(least, most, fixedDigits))
}

function byFirstDigit(
  least: string,
  most: string,
  follow: (least: string, most: string) => Expression,
): Expression[] {
  const [low, high] = [least.charAt(0), most.charAt(0)]
  const [lowRest, highRest] = [least.slice(1), most.slice(1)]
  if (low === high) return [sequence(text(low), follow(lowRest, highRest))]
  const none = '0'.repeat(lowRest.length)
  const all = '9'.repeat(lowRest.length)
  const options = [sequence(text(low), follow(lowRest, all)), sequence(text(high), follow(none, highRest))]
  const between = character([String(Number(low) + 1), String(Number(high) - 1)])
  if (Number(high) - Number(low) > 1) options.push(sequence(between, follow(none, all)))
  return options
}

function digit(): Expression {
  return character(['0', '9'])
}
