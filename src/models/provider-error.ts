import { type FailureKind, ModelFailure } from '../judging/model.ts'

interface ProviderAnswer {
  readonly provider: string
  /** Taken out of the provider's words, should they repeat it. */
  readonly secret: string | undefined
  readonly status: number
  readonly retryAfter: string | string[] | undefined
  readonly body: string
}

/** The provider's answer behind a failure: what it said of the request. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal'
  readonly status: number

  constructor(status: number, words: string) {
    super(words)
    this.status = status
  }
}

const contentFilter =
  /content[_ -]?(?:filter|management policy|policy violation)|ResponsibleAIPolicyViolation|safety (?:system|filter|settings)/i
const contextOverflow =
  /context[_ ]length[_ ]exceeded|maximum context length|context (?:size|window|length)|too large for model|(?:input|prompt) is too long|too many tokens|exceeds? the (?:model'?s )?max(?:imum)?[ _](?:input|context|model)/i
const spentQuota = /insufficient_quota|exceeded your current quota|billing/i

/** What an answer that is no success means. */
export function failureFromAnswer(answer: ProviderAnswer): ModelFailure {
  const words = wordsOf(answer)
  const refusal = new ProviderRefusal(answer.status, words)
  const [kind, what] = meaningOf(answer, words)
  const retryAfterMs = parseRetryAfter(answer.retryAfter)
  const isRetryable = answer.status === 429 ? !spentQuota.test(answer.body) : kind === 'provider_failed'
  const said = words === '' ? '' : `: ${words}`
  return new ModelFailure(kind, `Provider ${answer.provider} ${what} (${answer.status})${said}`, {
    cause: refusal,
    isRetryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** What a connection that broke, or never was, means. */
export function failureFromNetwork(provider: string, error: unknown): ModelFailure {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return new ModelFailure('provider_failed', `Provider ${provider} can't be reached (${code ?? message}).`, {
    cause: error,
    isRetryable: true,
  })
}

function meaningOf({ status, body }: ProviderAnswer, words: string): [FailureKind, string] {
  if (status === 429) return ['rate_limited', 'limits the rate']
  if (status === 408 || status === 409 || status >= 500) return ['provider_failed', 'failed']
  if (status === 401 || status === 403) return ['invalid_request', "refused this server's key"]
  if (contentFilter.test(body)) return ['filtered', 'stopped the request by its content filter']
  if (contextOverflow.test(words)) return ['context_overflow', 'says that the prompt is too long']
  if (status === 404) return ['invalid_request', 'does not know the model or the address']
  return ['invalid_request', 'refused the request']
}

const maxWords = 500

function wordsOf({ body, secret }: ProviderAnswer): string {
  let words: string
  try {
    words = messageIn(JSON.parse(body)) ?? body
  } catch {
    words = body.replace(/<[^>]{0,500}>/g, ' ')
  }
  if (secret !== undefined && secret !== '') words = words.replaceAll(secret, '[key]')
  // A provider that quotes a key quotes a part of it.
  words = words
    .replace(/\b(?:sk|key)-[\w*-]{4,}/g, '[key]')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return words.length > maxWords ? `${words.slice(0, maxWords)}…` : words
}

/** `{"error": {"message"}}`, `{"message"}`, `{"detail"}` and their nested forms. */
function messageIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || depth > 4) return undefined
  if (Array.isArray(value)) {
    return (
      value
        .map((part) => messageIn(part, depth + 1))
        .filter(Boolean)
        .join('; ') || undefined
    )
  }
  const { message, msg, error, detail, loc, param } = value as Record<string, unknown>
  const said = [message, msg, error, detail].map((part) => messageIn(part, depth + 1)).find(Boolean)
  const place = Array.isArray(loc) ? loc.join('.') : typeof param === 'string' ? param : undefined
  return said !== undefined && place !== undefined && !said.includes(place) ? `${said} (${place})` : said
}

/**
 * Reads `Retry-After`: seconds or an HTTP date.
 * @returns milliseconds from now, at least 0; undefined where there is nothing to read
 */
export function parseRetryAfter(
  header: string | string[] | undefined,
  nowMs: number = Date.now(),
): number | undefined {
  const [value = ''] = Array.isArray(header) ? header : [header]
  if (/^\s*\d{1,9}(?:\.\d+)?\s*$/.test(value)) return Number(value) * 1000
  const atMs = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}
