import { type FailureKind, ModelFailure } from '../judging/model.ts'
import { type ProviderWords, readProviderWords } from './provider-words.ts'
import { retryAfterMs } from './retry-after.ts'

export interface ProviderAnswer {
  readonly provider: string
  /** Kept out of every message, should the provider repeat it. */
  readonly secret: string | undefined
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** The provider's answer behind a failure: what it said of the request. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal'
  readonly status: number
  readonly words: ProviderWords

  constructor(status: number, words: ProviderWords) {
    super(words.text)
    this.status = status
    this.words = words
  }
}

const contentFilter =
  /content[_ -]?filter|content management policy|content[_ -]policy|ResponsibleAIPolicyViolation|\bsafety\b|usage policy|\bflagged\b/i
const contextOverflow = new RegExp(
  [
    'context_length_exceeded|exceed_context_size|ContextWindowExceededError|string_above_max_length',
    'maximum (?:context|prompt) (?:length|size)|too large for model|context length of only',
    "exceeds? the (?:available |model'?s )?(?:context|max(?:imum)? (?:allowed )?(?:input|context|number of tokens))",
    '(?:input|prompt)(?: length)? (?:is )?too long|context the overflows',
    "(?:exceeds?|greater than|longer than) the (?:model'?s )?context|context size has been exceeded",
    'exceed(?:s|ed)? (?:the )?context (?:window|limit)|longer than the maximum model length',
    '`inputs` tokens \\+ `max_new_tokens` must be|`inputs` must have less than',
    'max_tokens must be at least 1, got -|reduce the length of the (?:messages|prompt|input)',
  ].join('|'),
  'i',
)
/** Waiting doesn't help: the money is spent, or one request is more than a minute's allowance. */
const hopelessLimit = /insufficient_quota|insufficient (?:balance|credits)|request too large for/i
/** The model's own output could not be made JSON; another try may come out otherwise. */
const failedGeneration = /json_validate_failed|tool_use_failed/

interface Meaning {
  readonly kind: FailureKind
  readonly isRetryable: boolean
  /** Follows the provider's name. */
  readonly what: string
}

/** What an answer that is no success means, with the provider's words but never its key. */
export function failureFromAnswer(answer: ProviderAnswer): ModelFailure {
  const words = readProviderWords(answer.body, answer.secret)
  const { kind, isRetryable, what } = meaningOf(answer.status, words)
  const waitMs = retryAfterMs(answer.headers)
  const said = words.text === '' ? '' : `: ${words.text}`
  return new ModelFailure(kind, `Provider ${answer.provider} ${what} (HTTP ${answer.status})${said}`, {
    cause: new ProviderRefusal(answer.status, words),
    isRetryable,
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  })
}

function meaningOf(status: number, words: ProviderWords): Meaning {
  const said = `${words.codes} ${words.text}`
  if ([402, 413, 429].includes(status) && (status === 402 || hopelessLimit.test(said))) {
    return { kind: 'rate_limited', isRetryable: false, what: 'has no quota left for this' }
  }
  if (status === 429) return { kind: 'rate_limited', isRetryable: true, what: 'limits the rate' }
  if ([400, 403, 422].includes(status) && contentFilter.test(said)) {
    return { kind: 'filtered', isRetryable: false, what: 'stopped the request by its content filter' }
  }
  if (status === 401 || status === 403) return refused("refused this server's key")
  if (status === 400 && failedGeneration.test(said))
    return failed('could not make its reply what it was to be')
  if (status === 413 || (isAboutSize(status) && contextOverflow.test(said))) {
    return { kind: 'context_overflow', isRetryable: false, what: 'says that the prompt is too long' }
  }
  if (status === 408 || status === 409 || status === 424 || status >= 500) return failed('failed')
  if (status === 404) return refused('knows no such model, or its base_url is not where its chat API is')
  if (status < 400) return refused('answered with a redirect; set base_url to where its chat API is')
  return refused('refused the request')
}

function refused(what: string): Meaning {
  return { kind: 'invalid_request', isRetryable: false, what }
}

function failed(what: string): Meaning {
  return { kind: 'provider_failed', isRetryable: true, what }
}

/** llama.cpp's server said 500 of a prompt that is too long before it said 400. */
function isAboutSize(status: number): boolean {
  return status === 400 || status === 422 || status === 500
}

/** OpenAI's reasoning models say so with status 400 where they spent the whole limit on reasoning. */
export function isOutOfTokens({ status, body }: ProviderAnswer): boolean {
  return status === 400 && /max_tokens or model output limit was reached/.test(body)
}

/**
 * What a call that got no whole answer means.
 * @returns the error itself where it is none of the network: it is a mistake of this program
 */
export function failureFromNetwork(provider: string, error: unknown): unknown {
  const code = networkCode(error)
  if (code === undefined) return error
  const { what, isRetryable } = networkMeaning(code)
  return new ModelFailure('provider_failed', `Provider ${provider} ${what} (${code}).`, {
    cause: error,
    isRetryable,
  })
}

/** undici's parser has no code for everything that is no HTTP. */
function networkCode(error: unknown): string | undefined {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string') return code
  return name === 'HTTPParserError' ? 'no HTTP' : undefined
}

function networkMeaning(code: string): Pick<Meaning, 'what' | 'isRetryable'> {
  switch (code) {
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
      return { what: 'sent a reply that is too long', isRetryable: false }
    case 'UND_ERR_INVALID_ARG':
      return {
        what: "can't be called: its key or its base_url holds forbidden characters",
        isRetryable: false,
      }
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return { what: 'is not called any more: this server is shutting down', isRetryable: false }
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { what: 'did not answer in time', isRetryable: true }
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return { what: 'broke the connection off', isRetryable: true }
    default:
      return { what: "can't be reached", isRetryable: true }
  }
}

/** What a success that holds no reply means. */
export function failureFromReply(answer: ProviderAnswer, problem: string): ModelFailure {
  const words = readProviderWords(answer.body, answer.secret)
  const said = words.codes === '' || words.text === '' ? '' : `: ${words.text}`
  return new ModelFailure('provider_failed', `Provider ${answer.provider} sent ${problem}${said}`, {
    cause: new ProviderRefusal(answer.status, words),
  })
}
