import { z } from 'zod'
import { parseJson } from './parse-json.ts'
import { formats, type RequestForm } from './request-form.ts'

/** What was learnt of one model. */
export interface Lesson {
  readonly form: RequestForm
  /** When the oldest part of it was learnt. */
  readonly sinceMs: number
  /** Whose it is: the protocol and the address. Under a provider's name, another server says nothing of this one. */
  readonly address: string
}

const requestForm = z.object({
  format: z.enum(formats),
  isStrict: z.boolean(),
  hasBounds: z.boolean(),
  hasZeroTemperature: z.boolean(),
  hasTemperature: z.boolean(),
  hasSeed: z.boolean(),
  alternatives: z.int().min(0).max(100),
  hasSystemRole: z.boolean(),
  tokenLimit: z.int().min(0).max(10),
  mostOutputTokens: z.int().positive().optional(),
})

/** A lesson that another version wrote in another way is none. */
const writtenLesson = z.object({
  version: z.literal(1),
  address: z.string(),
  sinceMs: z.int().nonnegative(),
  form: requestForm,
})

/** @example readLesson(writeLesson(lesson)) */
export function writeLesson({ address, sinceMs, form }: Lesson): string {
  return JSON.stringify({ version: 1, address, sinceMs, form } satisfies z.input<typeof writtenLesson>)
}

/** @returns undefined where the text is no lesson that this version understands */
export function readLesson(text: string): Lesson | undefined {
  const read = writtenLesson.safeParse(parseJson(text)).data
  if (read === undefined) return undefined
  const { mostOutputTokens, ...form } = read.form
  return {
    address: read.address,
    sinceMs: read.sinceMs,
    form: { ...form, ...(mostOutputTokens !== undefined && { mostOutputTokens }) },
  }
}
