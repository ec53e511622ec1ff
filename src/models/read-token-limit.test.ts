import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTokenLimit } from './read-token-limit.ts'

describe('a token limit in the words of a refusal', () => {
  it.each([
    [
      'you requested 5000 tokens (1000 in the messages, 50 in the functions, and 3950 in the completion).',
      3046,
    ],
    ['you requested 5000 tokens (1000 in your prompt; 4000 for the completion).', 3096],
    ['you requested about 5000 tokens (1000 of text input, 4000 in the output).', 3096],
  ])('is what the prompt leaves of the context: %s', (words, mostOutputTokens) => {
    const text = `This model's maximum context length is 4096 tokens. However, ${words}`
    expect(readTokenLimit(text, 4000)).toEqual({ mostOutputTokens, isOfModel: false })
  })

  it.each([
    [
      'max_tokens is too large: 20480. This model supports at most 16384 completion tokens, whereas you provided 20480.',
      16_384,
    ],
    ['Range of max_tokens should be [1, 8192]', 8192],
    ['The max tokens must be between 1 and 5000.', 5000],
    ['max_tokens must be < 8192', 8191],
    ['Input validation error: `max_new_tokens` must be <= 1512. Given: 4000', 1512],
    ['maxOutputTokens value of 20000 but the supported range is from 1 to 8192', 8192],
  ])('is what the model can write: %s', (text, mostOutputTokens) => {
    expect(readTokenLimit(text, 20_000)).toEqual({ mostOutputTokens, isOfModel: true })
  })

  it.each([
    ['temperature must be between 0 and 2; max_tokens: field required'],
    ['max_tokens must be at least 1, got -186.'],
    ['max_tokens must be a positive integer'],
    ['The maximum number of messages is 1000.'],
    ['Unsupported parameter: max_tokens'],
    [''],
  ])('is none where it would not help: %s', (text) => {
    expect(readTokenLimit(text, 4000)).toBeUndefined()
  })

  it('is lower than what was asked for and enough for a judgment, whatever the words are', () => {
    const number = fc.nat(300_000).map(String)
    const part = fc.constantFrom(
      'maximum context length is ',
      ' tokens, requested ',
      ' in the completion',
      ' at least ',
      ' input tokens',
      'max_tokens must be <= ',
      'range [1, ',
      'context limit: ',
      ' + ',
      ' > ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(number, part)), fc.integer({ min: 1, max: 300_000 }), (parts, asked) => {
        const most = readTokenLimit(parts.join(''), asked)?.mostOutputTokens
        if (most === undefined) return
        expect(most).toBeGreaterThanOrEqual(256)
        expect(most).toBeLessThan(asked)
      }),
    )
  })
})
