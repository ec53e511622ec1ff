import { z } from 'zod'
import type { ReplyToken } from '../../judging/model.ts'

const token = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullish() })

const logprobs = z.object({
  content: z.array(token.extend({ top_logprobs: z.array(token).nullish() })).min(1),
})

type Token = z.output<typeof token>

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Reads `logprobs` of a chat completion.
 * @param text the reply's text
 * @returns tokens that join to that text; undefined where there are none, or they don't join to it
 */
export function readChatTokens(parsed: unknown, text: string): readonly ReplyToken[] | undefined {
  const drawn = logprobs.safeParse(parsed).data?.content
  if (drawn === undefined || text === '') return undefined
  const tokens: ReplyToken[] = []
  let pending: Uint8Array = new Uint8Array()
  for (const one of drawn) {
    const { top_logprobs: top } = one
    const isListed = top?.some((listed) => listed.token === one.token && listed.logprob === one.logprob)
    const alternatives = [...(isListed ? [] : [one]), ...(top ?? [])].map((listed) => ({
      text: decode(pending, listed).text,
      probability: Math.min(1, Math.exp(listed.logprob)),
    }))
    const decoded = decode(pending, one)
    pending = decoded.rest
    tokens.push({ text: decoded.text, alternatives })
  }
  return thoseOf(text, tokens)
}

/** A character that takes several tokens is the last one's: what is left of one is put before the next token. */
function decode(pending: Uint8Array, { token, bytes }: Token): { text: string; rest: Uint8Array } {
  if (pending.length === 0 && bytes == null) return { text: token, rest: pending }
  const all = Buffer.concat([pending, Buffer.from(bytes ?? Buffer.from(token))])
  const whole = all.length - unfinished(all)
  return { text: decoder.decode(all.subarray(0, whole)), rest: all.subarray(whole) }
}

/** How many bytes at the end begin a character that is not all there. */
function unfinished(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length += 1) {
    const byte = bytes[bytes.length - length] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return needed > length ? length : 0
  }
  return 0
}

/** Some servers list the tokens of the reasoning before those of the text, or the one that ends it. */
function thoseOf(text: string, tokens: readonly ReplyToken[]): readonly ReplyToken[] | undefined {
  const joined = tokens.map((one) => one.text).join('')
  const start = joined.lastIndexOf(text)
  if (start < 0) return undefined
  const found: ReplyToken[] = []
  let at = 0
  let isAtBoundary = false
  for (const one of tokens) {
    isAtBoundary ||= at === start
    if (at >= start && at < start + text.length) found.push(one)
    at += one.text.length
  }
  const length = found.reduce((sum, one) => sum + one.text.length, 0)
  return isAtBoundary && length === text.length ? found : undefined
}
