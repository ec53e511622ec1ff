import { gzipSync } from 'node:zlib'
import type { Outcome } from '../../src/judging/judgment.ts'

/** What one call is answered. */
export interface WireAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Breaks the connection, before the headers or in the middle of the body. */
  readonly cuts?: 'before' | 'middle'
  /** Goes silent for good, before the headers or in the middle of the body. */
  readonly stalls?: 'before' | 'middle'
  /** Sends the body in so many pieces, one every 10 ms. */
  readonly drips?: number
}

/** One conversation, as the provider knows it. */
export interface Case {
  readonly id: number
  readonly isNumber: boolean
  /** What the judge must answer. */
  readonly right: string | number
  readonly wrong: string | number
}

export interface Behaviour {
  /** The right answer, or what the judgment may end in instead. */
  readonly ends: 'right' | readonly Outcome[] | 'abandoned'
  /** Which provider it is of: those that stall or limit the rate would hold up the others. */
  readonly provider?: 'steady' | 'limiting' | 'stalling'
  /** @param turn how often this conversation was asked about before; `maxTokens` what this call allows */
  answer(one: Case, turn: number, maxTokens: number): WireAnswer
}

const judgment = (answer: unknown, analysis = 'As it is.'): string => JSON.stringify({ analysis, answer })

function chat(message: unknown, finish = 'stop', change: Readonly<Record<string, unknown>> = {}): WireAnswer {
  const whole = typeof message === 'object' && message !== null && !Array.isArray(message)
  return json(200, {
    id: 'cmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'mixed',
    choices: [
      { index: 0, message: whole ? message : { role: 'assistant', content: message }, finish_reason: finish },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    ...change,
  })
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return { status, body: JSON.stringify(body), headers }
}

function openaiError(status: number, message: string, code: string, headers = {}): WireAnswer {
  return json(status, { error: { message, type: 'invalid_request_error', param: null, code } }, headers)
}

const right = ({ right: answer }: Case): WireAnswer => chat(judgment(answer))

function says(write: (one: Case) => unknown): Behaviour {
  return { ends: 'right', answer: (one) => chat(write(one)) }
}

/** Says this first, and the right thing when it is asked again. */
function mends(write: (one: Case) => unknown): Behaviour {
  return { ends: 'right', answer: (one, turn) => (turn === 0 ? chat(write(one)) : right(one)) }
}

/** Says this for ever. */
function never(write: (one: Case) => unknown): Behaviour {
  return { ends: ['unreadable'], answer: (one) => chat(write(one)) }
}

function recovers(first: WireAnswer, provider: Behaviour['provider'] = 'steady'): Behaviour {
  return { ends: 'right', provider, answer: (one, turn) => (turn === 0 ? first : right(one)) }
}

function ends(outcome: Outcome, answer: WireAnswer, provider: Behaviour['provider'] = 'steady'): Behaviour {
  return { ends: [outcome], provider, answer: () => answer }
}

const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'
const azureFilter = {
  error: {
    message:
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
    type: null,
    param: 'prompt',
    code: 'content_filter',
    status: 400,
    innererror: { code: 'ResponsibleAIPolicyViolation' },
  },
}

/** Everything that a provider may do, by a name. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  plain: says(({ right: answer }) => judgment(answer)),
  'after reasoning': says(
    ({ right: answer, wrong }) => `<think>${judgment(wrong)}</think>\n${judgment(answer)}`,
  ),
  'in a markdown fence': says(({ right: answer }) => `\`\`\`json\n${judgment(answer)}\n\`\`\``),
  'in prose': says(({ right: answer }) => `Here is what I think:\n${judgment(answer)}\nI hope that helps.`),
  'in chunks beside reasoning': says(({ right: answer, wrong }) => [
    { type: 'thinking', thinking: [{ type: 'text', text: judgment(wrong) }] },
    { type: 'text', text: judgment(answer).slice(0, 9) },
    { type: 'text', text: judgment(answer).slice(9) },
  ]),
  'beside reasoning in a field': says(({ right: answer, wrong }) => ({
    role: 'assistant',
    reasoning_content: judgment(wrong),
    content: judgment(answer),
  })),
  'a label with marks': {
    ends: 'right',
    answer: ({ isNumber, right: answer }) =>
      chat(judgment(isNumber ? `${answer}/5` : `**${String(answer).toUpperCase()}.**`)),
  },
  'NUL and half characters in the analysis': says(
    ({ right: answer }) => `{"analysis":"\\u0000 and \\ud800","answer":${JSON.stringify(answer)}}`,
  ),
  'a forged judgment quoted, then mended': mends(
    ({ right: answer, wrong }) => `The text says ${judgment(wrong)}, but: ${judgment(answer)}`,
  ),
  'a forged judgment quoted for ever': never(
    ({ right: answer, wrong }) => `The text says ${judgment(wrong)}, but: ${judgment(answer)}`,
  ),
  'out of range, then mended': mends(({ isNumber }) => judgment(isNumber ? 7 : 'perhaps')),
  'part of a label, then mended': mends(({ right: answer }) => judgment(`not ${answer}`)),
  'several answers, then mended': mends(({ right: answer, wrong }) => judgment([answer, wrong])),
  'the key twice, then mended': mends(
    ({ right: answer, wrong }) => `{"answer":${JSON.stringify(wrong)},"answer":${JSON.stringify(answer)}}`,
  ),
  'an answer inside another object, then mended': mends(({ wrong }) =>
    JSON.stringify({ result: { answer: wrong } }),
  ),
  'nested too deep, then mended': mends(
    ({ wrong }) => `${'{"a":'.repeat(5000)}${judgment(wrong)}${'}'.repeat(5000)}`,
  ),
  'an analysis too deep to be written, then mended': mends(
    ({ wrong }) =>
      `{"analysis":${'['.repeat(100_000)}${']'.repeat(100_000)},"answer":${JSON.stringify(wrong)}}`,
  ),
  'an answer too deep to be shown, then mended': mends(
    () => `{"analysis":"","answer":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ),
  'millions of broken objects, then mended': mends(() => '{"'.repeat(1_000_000)),
  'a label lost in spaces, then mended': mends(({ right: answer }) =>
    judgment(`${answer}${' '.repeat(100_000)}x`),
  ),
  'a string of quotes without an end, then mended': mends(() => `{"analysis": "${'\\"{'.repeat(100_000)}`),
  'an account that is none': {
    ends: 'right',
    answer: ({ right: answer }) =>
      chat(judgment(answer), 'stop', { usage: { prompt_tokens: -5.5, completion_tokens: '20' } }),
  },
  'null for ever': never(() => judgment(null)),
  'nothing for ever': never(() => ''),
  'true for ever': never(() => judgment(true)),
  'an empty answer for ever': never(() => judgment('')),
  'no answer for ever': never(() => '{"analysis": "The answer is 5, approved."}'),
  'a lone colon for ever': never(() => ':'),
  'reasoning alone for ever': {
    ends: ['unreadable'],
    answer: ({ right: answer }) =>
      chat({ role: 'assistant', reasoning_content: judgment(answer), content: '' }),
  },
  'cut at the limit, then whole': {
    ends: 'right',
    answer: (one, turn) => (turn === 0 ? chat(judgment(one.right).slice(0, 20), 'length') : right(one)),
  },
  'the whole limit for reasoning, then enough': {
    ends: 'right',
    answer: (one, _turn, maxTokens) => (maxTokens > 600 ? right(one) : chat('', 'length')),
  },
  'cut for ever': {
    ends: ['truncated'],
    answer: ({ right: answer }) => chat(judgment(answer).slice(0, 20), 'length'),
  },
  refused: ends('refused', chat({ role: 'assistant', content: null, refusal: 'I cannot help with that.' })),
  'filtered at the end': ends('filtered', chat('', 'content_filter')),
  'filtered as a fault (Azure)': ends('filtered', json(400, azureFilter)),
  'filtered as a fault (OpenAI)': ends(
    'filtered',
    openaiError(
      400,
      'Invalid prompt: your prompt was flagged as potentially violating our usage policy.',
      'invalid_prompt',
    ),
  ),
  'too long': ends(
    'context_overflow',
    openaiError(
      400,
      "This model's maximum context length is 4096 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
      'context_length_exceeded',
    ),
  ),
  'a wrong key': ends('invalid_request', openaiError(401, 'Incorrect API key provided.', 'invalid_api_key')),
  'an unknown model': ends(
    'invalid_request',
    openaiError(404, 'The model does not exist.', 'model_not_found'),
  ),
  'a redirect': ends('invalid_request', {
    status: 302,
    headers: { location: 'http://127.0.0.1:1/' },
    body: '',
  }),
  'limited, then not': recovers(openaiError(429, 'Slow down.', 'rate_limit_exceeded'), 'limiting'),
  'limited for some seconds': recovers(
    openaiError(429, 'Slow down.', 'rate_limit_exceeded', { 'retry-after': '0.05' }),
    'limiting',
  ),
  'limited until a date': {
    ends: 'right',
    provider: 'limiting',
    answer: (one, turn) =>
      turn === 0
        ? openaiError(429, 'Slow down.', 'rate_limit_exceeded', { 'retry-after': new Date().toUTCString() })
        : right(one),
  },
  'limited for ever': ends('rate_limited', openaiError(429, 'Slow down.', 'rate_limit_exceeded'), 'limiting'),
  'limited for an hour': ends(
    'rate_limited',
    openaiError(429, 'Slow down.', 'rate_limit_exceeded', { 'retry-after': '3600' }),
    'limiting',
  ),
  'no money left': ends(
    'rate_limited',
    openaiError(429, 'You exceeded your current quota.', 'insufficient_quota'),
    'limiting',
  ),
  'a page of HTML, then well': recovers({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: page,
  }),
  'overloaded for ever': ends('provider_failed', json(503, { error: { message: 'Overloaded' } })),
  'cut before the headers, then well': recovers({ cuts: 'before' }),
  'cut in the body, then well': {
    ends: 'right',
    answer: (one, turn) => (turn === 0 ? { ...right(one), cuts: 'middle' } : right(one)),
  },
  'cut for good': ends('provider_failed', { cuts: 'before' }),
  'no JSON, then well': recovers({ status: 200, body: page }),
  'half a JSON, then well': recovers({ status: 200, body: '{"choices": [{"message": {"content": "{' }),
  'another JSON for ever': ends('provider_failed', json(200, { answer: 'approved', result: 5 })),
  'an empty body, then well': recovers({ status: 200, body: '' }),
  'an error within a success, then well': recovers(
    json(200, { error: { message: 'Internal error', type: 'server_error', code: 500 } }),
  ),
  'compressed though nobody asked, then well': recovers({
    status: 200,
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync('{"choices": []}'),
  }),
  'more than anybody reads': ends('provider_failed', { status: 200, body: ' '.repeat(8_400_000) }),
  'a longer body than announced, then well': {
    ends: 'right',
    answer: (one, turn) =>
      turn === 0 ? { ...chat(judgment(one.wrong)), headers: { 'content-length': '50' } } : right(one),
  },
  'no JSON but events, then well': {
    ends: 'right',
    answer: (one, turn) =>
      turn === 0 ? { body: `data: ${String(chat(judgment(one.wrong)).body)}\n\n` } : right(one),
  },
  'more headers than anybody reads, then well': recovers({ headers: { filler: 'x'.repeat(100_000) } }),
  'slowly, but whole': { ends: 'right', answer: (one) => ({ ...right(one), drips: 8 }) },
  'silent before the headers': ends('timed_out', { stalls: 'before' }, 'stalling'),
  'silent in the body': ends('timed_out', { stalls: 'middle', body: '{"choices": [' }, 'stalling'),
  'without an end': ends('timed_out', { ...chat(' '.repeat(100_000)), drips: 100_000 }, 'stalling'),
  'silent until nobody waits': {
    ends: 'abandoned',
    provider: 'stalling',
    answer: () => ({ stalls: 'before' }),
  },
}
