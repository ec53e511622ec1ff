import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChatTokens } from './chat-tokens.ts'

interface Token {
  readonly token: string
  readonly logprob: number
  readonly bytes?: readonly number[] | null
}

function token(text: string, probability = 0.5): Token {
  return { token: text, logprob: Math.log(probability), bytes: [...Buffer.from(text)] }
}

function read(
  text: string,
  tokens: readonly (Token & { readonly top_logprobs?: readonly Token[] | null })[],
) {
  return readChatTokens({ content: tokens }, text)
}

describe('the tokens of a chat completion', () => {
  it('are those that were drawn, with what could have stood in their place', () => {
    const tokens = read('{"a', [
      { ...token('{"', 0.9), top_logprobs: [token('{"', 0.9), token('{', 0.1)] },
      { ...token('a', 0.25), top_logprobs: [token('b', 0.75)] },
    ])
    expect(tokens?.map(({ text }) => text)).toEqual(['{"', 'a'])
    expect(tokens?.[0]?.alternatives).toEqual([
      { text: '{"', probability: expect.closeTo(0.9) },
      { text: '{', probability: expect.closeTo(0.1) },
    ])
    expect(tokens?.[1]?.alternatives.map(({ text }) => text)).toEqual(['a', 'b'])
  })

  it('have probabilities from 0 to 1, whatever the logarithms are', () => {
    const tokens = read('ab', [
      { token: 'a', logprob: 1e-9, bytes: [97] },
      { token: 'b', logprob: -9999, bytes: [98] },
    ])
    expect(tokens?.map(({ alternatives }) => alternatives[0]?.probability)).toEqual([1, 0])
  })

  it("join to the text where a character takes several of them: it is the last one's", () => {
    const bytes = [...Buffer.from('é👍x')]
    const tokens = bytes.map((byte) => ({ token: `\\x${byte.toString(16)}`, logprob: -1, bytes: [byte] }))
    const found = read('é👍x', tokens)
    expect(found?.map(({ text }) => text)).toEqual(['', 'é', '', '', '', '👍', 'x'])
  })

  it('show alternatives behind what is left of the token before', () => {
    const [first, second] = [[0xc3], [0xa9]]
    const found = read('é', [
      { token: '\\xc3', logprob: -1, bytes: first },
      {
        token: '\\xa9',
        logprob: -1,
        bytes: second,
        top_logprobs: [{ token: '\\xa8', logprob: -2, bytes: [0xa8] }],
      },
    ])
    expect(found?.[1]?.alternatives.map(({ text }) => text)).toEqual(['é', 'è'])
  })

  it('join to any text that was cut anywhere', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .filter((one) => one.isWellFormed())
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (said, lengths) => {
        let rest = Buffer.from(said)
        const tokens: Token[] = []
        for (const length of lengths) {
          if (rest.length === 0) break
          tokens.push({ token: '', logprob: -1, bytes: [...rest.subarray(0, length)] })
          rest = rest.subarray(length)
        }
        const found = read(said, tokens)
        expect(found?.map((one) => one.text).join('')).toBe(said)
      }),
    )
  })

  it('are those of the text alone where a server lists others before or after', () => {
    const listed = ['<think>', '{"a"}', '</think>', '{"', 'a"}', '<|im_end|>'].map((text) => token(text))
    expect(read('{"a"}', listed)?.map(({ text }) => text)).toEqual(['{"', 'a"}'])
  })

  it('need no bytes where texts are whole', () => {
    const tokens = ['{"', 'é', '"}'].map((text) => ({ token: text, logprob: -1, bytes: null }))
    expect(read('{"é"}', tokens)?.length).toBe(3)
  })

  it.each([
    ['another text', [token('b')]],
    ['a cut within a token', [token('xa')]],
    ['a part of the text', [token('')]],
    ['no token', []],
  ])('are none where they do not join to the text: %s', (_, tokens) => {
    expect(read('a', tokens)).toBeUndefined()
  })

  it.each([undefined, null, [], {}, { content: null }, { content: [{ token: 7 }] }, { tokens: ['a'] }])(
    'are none in %j',
    (parsed) => {
      expect(readChatTokens(parsed, 'a')).toBeUndefined()
    },
  )

  it('are none of an empty text', () => {
    expect(read('', [token('a')])).toBeUndefined()
  })
})
