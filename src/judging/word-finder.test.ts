import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWordFinder } from './word-finder.ts'

function found(words: readonly string[], text: string): string[] {
  return [...createWordFinder(words).find(text)].map((index) => words[index] ?? '').sort()
}

describe('a word finder', () => {
  it('finds words inside of others, in any case, and words that share letters', () => {
    expect(found(['he', 'she', 'his', 'hers', '指令'], 'uSHErs 指令')).toEqual(['he', 'hers', 'she', '指令'])
    expect(found(['he', 'she'], 'h e')).toEqual([])
    expect(found(['instruções'], 'INSTRUÇÕES')).toEqual(['instruções'])
  })

  it('finds what searching for each word finds', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '指', ' '), minLength: 1, maxLength: 5 })
    const texts = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', '指', ' ', 'x', '\ud83d', '😀'),
      maxLength: 40,
    })
    fc.assert(
      fc.property(fc.uniqueArray(letters, { minLength: 1, maxLength: 8 }), texts, (words, text) => {
        expect(found(words, text)).toEqual(words.filter((word) => text.includes(word)).sort())
      }),
      { numRuns: 2000 },
    )
  })
})
