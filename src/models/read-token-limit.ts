/** A lower token limit that a provider's words leave. */
export interface TokenLimit {
  readonly mostOutputTokens: number
  /** Whether it holds for every request; otherwise for prompts as long as this one. */
  readonly isOfModel: boolean
}

/** A judgment does not fit into less: such a limit is no help, and may be a number of something else. */
const leastUsefulTokens = 256

const limitName = /max[\w ]*tokens|maximum (?:number of )?tokens/i

/** What the model can write at most. Each has the number in a group; `below` is one more than that. */
const caps: readonly RegExp[] = [
  /supports? at most (?<most>\d+)/i,
  /> (?<most>\d+), which is the maximum/i,
  /less than or equal to ['"`]?(?<most>\d+)/i,
  /(?:must be|a value) <= ?(?<most>\d+)/i,
  /(?:must be|a value) < ?(?<below>\d+)/i,
  /range[\w ]*? from \d+(?: \(inclusive\))? to (?<below>\d+) \(exclusive\)/i,
  /(?:range|between)\b[^\d]*\d+ ?(?:,|to|and|-) ?(?<most>\d+)/i,
  /model limit of (?<most>\d+)/i,
  /max_tokens > (?<most>\d+) must have stream/i,
]

/** How long the context is, and how long the prompt, or the whole and what of it is the reply. */
const context = /maximum context (?:length|size)(?: is| of)? (\d+)/i
const promptLength = /(?<atLeast>at least )?(?<prompt>\d+) input tokens/i
const whole = /requested (?:a total of |about )?(\d+) tokens/i
const reply = /(\d+)(?: tokens)? (?:in|for|of) (?:the )?(?:completion|output)/i
/** Anthropic, and Hugging Face's server and those that are built on it. */
const sums: readonly RegExp[] = [
  /context limit: (?<prompt>\d+) \+ \d+ > (?<context>\d+)/i,
  /`inputs` tokens \+ `max_new_tokens` must be <= (?<context>\d+)\. Given: (?<prompt>\d+)/i,
]

/**
 * What a refusal leaves of the token limit, where the prompt itself fits.
 * @param text the provider's words
 * @param asked the tokens that the refused request was to write at most
 * @returns undefined where a lower limit would not help, or nothing says which one
 */
export function readTokenLimit(text: string, asked: number): TokenLimit | undefined {
  const limit = roomIn(text, asked) ?? capIn(text)
  if (limit === undefined || limit.mostOutputTokens >= asked) return undefined
  return limit.mostOutputTokens >= leastUsefulTokens ? limit : undefined
}

function roomIn(text: string, asked: number): TokenLimit | undefined {
  for (const sum of sums) {
    const { prompt, context: length } = sum.exec(text)?.groups ?? {}
    if (prompt !== undefined) return roomBeside(Number(prompt), Number(length))
  }
  const length = context.exec(text)?.[1]
  if (length === undefined) return undefined
  const { prompt, atLeast } = promptLength.exec(text)?.groups ?? {}
  if (prompt !== undefined) {
    const room = roomBeside(Number(prompt), Number(length))
    // vLLM stops counting where the prompt can't fit any more, so that one token less would be refused again.
    return atLeast === undefined ? room : { ...room, mostOutputTokens: Math.floor(asked / 2) }
  }
  const [total, written] = [whole.exec(text)?.[1], reply.exec(text)?.[1]]
  if (total === undefined || written === undefined) return undefined
  return roomBeside(Number(total) - Number(written), Number(length))
}

function roomBeside(prompt: number, length: number): TokenLimit {
  return { mostOutputTokens: length - prompt, isOfModel: false }
}

function capIn(text: string): TokenLimit | undefined {
  if (!limitName.test(text)) return undefined
  for (const cap of caps) {
    const { most, below } = cap.exec(text)?.groups ?? {}
    if (most ?? below) {
      const tokens = most === undefined ? Number(below) - 1 : Number(most)
      return { mostOutputTokens: tokens, isOfModel: true }
    }
  }
  return undefined
}
