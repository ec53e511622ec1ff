import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exceedsTokens, leastTokens } from './least-tokens.ts'

function prompt(...contents: readonly string[]) {
  return contents.map((content) => ({ role: 'user', content }) as const)
}

describe('the least number of tokens', () => {
  it.each([
    ['', 0],
    ['one', 1],
    ['one two\tthree\n\nfour', 4],
    ['  spaces   do not   count  ', 4],
    ['a-b c.d "e"', 3],
    ['{ } ( ) --- ...', 0],
    ['日本語には空白がない', 1],
    ['über naïve 3.14', 3],
  ])('of %j is %i', (content, expected) => {
    expect(leastTokens(prompt(content))).toBe(expected)
  })

  it('adds up over messages', () => {
    expect(leastTokens(prompt('one two', 'three'))).toBe(3)
  })

  it('is never above the number of characters, nor changed by more space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (content) => {
        expect(leastTokens(prompt(content))).toBeLessThanOrEqual(content.length)
        expect(leastTokens(prompt(content.replaceAll(' ', '   ')))).toBe(leastTokens(prompt(content)))
      }),
    )
  })

  it('exceeds a context only where no tokenizer could make it fit', () => {
    expect(exceedsTokens(prompt('a '.repeat(100)), 100)).toBe(false)
    expect(exceedsTokens(prompt('a '.repeat(101)), 100)).toBe(true)
    expect(exceedsTokens(prompt('a b', 'c d'), 3)).toBe(true)
    expect(exceedsTokens(prompt('x'.repeat(100_000)), 100)).toBe(false)
  })

  it('is soon counted, whatever the text is', () => {
    const startedMs = performance.now()
    for (const text of ['-'.repeat(2_000_000), 'a'.repeat(2_000_000), '- '.repeat(1_000_000)]) {
      leastTokens(prompt(text))
    }
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })

  it('agrees with the shortcut by the number of characters', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(40), (contents, most) => {
        expect(exceedsTokens(prompt(...contents), most)).toBe(leastTokens(prompt(...contents)) > most)
      }),
    )
  })
})
