import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelFailure, ModelReply } from '../../src/judging/model.ts'
import { type AiType, aiKey, aiRequest, awsCredentials, openAi } from '../support/ai-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderServer } from '../support/provider-server.ts'
import { startTestServer } from '../support/test-provider.ts'

const never = new AbortController().signal
const judgment = '{"analysis": "The response names the amount and the date.", "answer": "yes"}'
const types: readonly AiType[] = ['anthropic', 'google', 'bedrock']

let server: ProviderServer

beforeEach(async () => {
  server = await startTestServer()
})

describe('a reply', () => {
  const whole = { text: judgment, finish: 'stop', enforcement: 'json_schema' } as const
  const cut = { text: judgment.slice(0, 30), finish: 'length' } as const
  const replies: readonly [AiType, string, Partial<ModelReply>][] = [
    ['anthropic', 'message', { ...whole, usage: { inputTokens: 412, outputTokens: 27 } }],
    ['anthropic', 'message in parts', whole],
    ['anthropic', 'thinking', whole],
    ['anthropic', 'cut', cut],
    ['anthropic', 'cut by the window', cut],
    ['anthropic', 'cut while thinking', { text: '', finish: 'length' }],
    ['anthropic', 'refusal', { text: '', finish: 'refused', usage: { inputTokens: 412, outputTokens: 27 } }],
    ['anthropic', 'refusal in the middle', { finish: 'refused' }],
    ['google', 'content', { ...whole, usage: { inputTokens: 405, outputTokens: 26 } }],
    ['google', 'content in parts', whole],
    ['google', 'thoughts', whole],
    ['google', 'cut', cut],
    ['google', 'cut while thinking', { text: '', finish: 'length' }],
    ['google', 'malformed function call', { text: '', finish: 'stop' }],
    [
      'google',
      'blocked prompt',
      { text: '', finish: 'filtered', usage: { inputTokens: 405, outputTokens: 0 } },
    ],
    ['google', 'safety', { text: '', finish: 'filtered' }],
    ['google', 'recitation', { text: '', finish: 'filtered' }],
    ['google', 'prohibited', { finish: 'filtered' }],
    ['bedrock', 'message', { ...whole, usage: { inputTokens: 418, outputTokens: 29 } }],
    ['bedrock', 'reasoning', whole],
    ['bedrock', 'cut', cut],
    ['bedrock', 'filtered', { finish: 'filtered' }],
    ['bedrock', 'guardrail', { finish: 'filtered' }],
  ]
  for (const [type, name, expected] of replies) {
    it(`of ${type} is read: ${name}`, async () => {
      const provider = openAi(type, server)
      server.script(recordedAnswer(type, name))
      expect(await provider.model.complete(aiRequest(type), never)).toMatchObject({
        attempts: 1,
        ...expected,
      })
      expect(server.requests).toHaveLength(1)
    })
  }

  it('is not touched, whatever is in it', async () => {
    const provider = openAi('anthropic', server)
    const text = '\n```json\n{"answer":  1.0, "answer": 1e400, "analysis": "\\u00e9\\ud800"}\n``` \u200b'
    const { body } = recordedAnswer('anthropic', 'message') as { body: object }
    server.script({ body: { ...body, content: [{ type: 'text', text }] } })
    expect((await provider.model.complete(aiRequest('anthropic'), never)).text).toBe(text)
  })

  it('tells whether the model reasoned', async () => {
    const provider = openAi('anthropic', server)
    server.script(recordedAnswer('anthropic', 'thinking'), recordedAnswer('anthropic', 'message'))
    expect(await provider.model.complete(aiRequest('anthropic'), never)).toMatchObject({ hasReasoning: true })
    expect(await provider.model.complete(aiRequest('anthropic'), never)).toMatchObject({
      hasReasoning: false,
    })
  })
})

describe('an answer that is no reply', () => {
  type Expected = Partial<Pick<ModelFailure, 'kind' | 'isRetryable' | 'retryAfterMs'>>
  const refused = { kind: 'invalid_request', isRetryable: false } as const
  const overflow = { kind: 'context_overflow', isRetryable: false } as const
  const limited = { kind: 'rate_limited', isRetryable: true } as const
  const failed = { kind: 'provider_failed', isRetryable: true } as const
  const answers: readonly [AiType, string, Expected, string][] = [
    ['anthropic', 'rate limit', { ...limited, retryAfterMs: 17_000 }, '50,000 input tokens per minute'],
    ['anthropic', 'overloaded', failed, 'Overloaded'],
    ['anthropic', 'server error', failed, 'Internal server error'],
    ['anthropic', 'context overflow', overflow, '208656 tokens'],
    ['anthropic', 'context overflow of the limit', overflow, '199342 + 2048'],
    ['anthropic', 'too large', overflow, 'maximum size'],
    ['anthropic', 'wrong key', refused, 'invalid x-api-key'],
    ['anthropic', 'no permission', refused, 'does not have permission'],
    ['anthropic', 'unknown model', refused, 'claude-nonsense-9'],
    ['anthropic', 'no credit', refused, 'credit balance is too low'],
    ['google', 'rate limit', { ...limited, retryAfterMs: 45_579 }, 'current quota'],
    ['google', 'rate limit in a list', { ...limited, retryAfterMs: 3000 }, 'current quota'],
    ['google', 'rate limit of Vertex', { ...limited, retryAfterMs: undefined }, 'Resource exhausted'],
    ['google', 'overloaded', failed, 'overloaded'],
    ['google', 'internal', failed, 'internal error'],
    ['google', 'context overflow', overflow, '1200293'],
    ['google', 'context overflow, older', overflow, '1048576'],
    ['google', 'wrong key', refused, 'API key not valid'],
    ['google', 'no permission', refused, 'suspended'],
    ['google', 'unknown model', refused, 'gemini-nonsense-9'],
    ['google', 'location', refused, 'User location'],
    ['google', 'no candidate', failed, 'without a message'],
    ['bedrock', 'throttled', limited, 'Too many tokens'],
    ['bedrock', 'not ready', limited, 'not ready'],
    ['bedrock', 'unavailable', failed, 'unable to process'],
    ['bedrock', 'timed out', failed, 'timed out'],
    ['bedrock', 'model error', failed, 'unexpected error'],
    ['bedrock', 'context overflow', overflow, 'Input is too long'],
    ['bedrock', 'context overflow of the model', overflow, '208656 tokens'],
    ['bedrock', 'wrong key', refused, 'security token'],
    ['bedrock', 'no access', refused, "don't have access"],
    ['bedrock', 'unknown model', refused, 'model identifier is invalid'],
    ['bedrock', 'not on demand', refused, 'on-demand throughput'],
  ]
  for (const [type, name, expected, words] of answers) {
    it(`of ${type} is told apart: ${name}`, async () => {
      const provider = openAi(type, server)
      server.always(recordedAnswer(type, name))
      const failure = await failureOf(provider.model.complete(aiRequest(type), never))
      expect(failure).toMatchObject({ ...expected, attempts: 1 })
      expect(failure.message).toContain('Provider court ')
      expect(failure.message).toContain(words)
      expect(server.requests).toHaveLength(1)
    })
  }

  const broken: readonly [string, unknown][] = [
    ['no JSON', 'Hello'],
    ['a page of HTML', '<!doctype html><html><body>Welcome to the Wi-Fi</body></html>'],
    ['bytes', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x00])],
    ['an empty body', ''],
    ['an empty object', {}],
    ['null', 'null'],
    ['a list', []],
    ['content of another kind', { content: 7, candidates: 7, output: 7 }],
  ]
  for (const type of types) {
    for (const [name, body] of broken) {
      it(`of ${type} with status 200 is a failure that another try may mend: ${name}`, async () => {
        const provider = openAi(type, server)
        server.script({ body })
        const failure = await failureOf(provider.model.complete(aiRequest(type), never))
        expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: true })
        expect(failure.message).not.toContain('Wi-Fi')
      })
    }

    it(`of ${type} never shows a key, whole or in part`, async () => {
      const provider = openAi(type, server)
      const { accessKeyId, secretAccessKey, sessionToken } = awsCredentials
      const secrets =
        type === 'bedrock' ? [accessKeyId, secretAccessKey, sessionToken ?? ''] : [aiKey, `Bearer ${aiKey}`]
      for (const status of [400, 401, 403, 404, 429, 500]) {
        for (const secret of secrets) {
          const said = `x-key:${secret} and Credential=${secret}/20261125/eu-central-1`
          server.script(
            { status, body: { message: said, error: { type: 'error', message: said } } },
            { status, body: `<h1>No ${said} here</h1>` },
          )
          for (let answer = 0; answer < 2; answer += 1) {
            const { message, cause } = await failureOf(provider.model.complete(aiRequest(type), never))
            for (const text of [message, (cause as Error).message]) expect(text).not.toContain(secret)
          }
        }
      }
    })

    it(`of ${type} is not read to its end when it is huge, nor asked for again`, async () => {
      const provider = openAi(type, server, undefined, 4)
      server.always({ body: `{"content": [${' '.repeat(9_000_000)}]}` })
      const failure = await failureOf(provider.model.complete(aiRequest(type), never))
      expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: false, attempts: 1 })
      expect(failure.message).toContain('too long')
    })

    it(`of ${type} is a redirect, which is not followed with the key`, async () => {
      const provider = openAi(type, server)
      server.script({ status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' })
      const failure = await failureOf(provider.model.complete(aiRequest(type), never))
      expect(failure).toMatchObject({ kind: 'invalid_request', isRetryable: false })
      expect(failure.message).toContain('base_url')
    })
  }
})
