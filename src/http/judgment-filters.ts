import { z } from 'zod'
import { text } from '../judges/definition-document.ts'
import { outcomeBody } from './judgment-record-body.ts'
import { anyOf } from './pages.ts'

/** What lists of judgments can be narrowed to. */
export const judgmentFilters = {
  outcome: anyOf(outcomeBody),
  answer: anyOf(text(1, 500)),
}

const numberText = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The answers that texts of a query can mean: options, and numbers where they read as such. */
export function answersOf(texts: readonly string[]): readonly (string | number)[] {
  const numbers = texts.filter((one) => numberText.test(one)).map(Number)
  return [...texts, ...new Set(numbers.filter(Number.isFinite))]
}

/** A time of a query. */
export const timeText = z.iso
  .datetime({ offset: true, error: 'expected a time with its zone, like 2026-03-01T12:00:00Z' })
  .transform((value) => new Date(value))
