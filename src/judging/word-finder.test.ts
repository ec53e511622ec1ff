import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWordFinder } from './word-finder.ts'

/** Each word with the place where it begins. */
function found(words: readonly string[], text: string): string[] {
  const places: string[] = []
  createWordFinder(words).visit(text, (index, end) => {
    const word = words[index] ?? ''
    places.push(`${word} ${end - word.length}`)
  })
  return places.sort()
}

/** What searching for each word at each place finds. */
function searched(words: readonly string[], text: string): string[] {
  return words
    .flatMap((word) =>
      Array.from({ length: text.length }, (_, at) => (text.startsWith(word, at) ? `${word} ${at}` : '')),
    )
    .filter((place) => place !== '')
    .sort()
}

describe('a word finder', () => {
  it('finds words inside of others, in any case, and words that share letters', () => {
    expect(found(['he', 'she', 'his', 'hers', '指令'], 'uSHErs指令')).toEqual([
      'he 2',
      'hers 2',
      'she 1',
      '指令 6',
    ])
    expect(found(['he', 'she'], 'h e')).toEqual([])
    expect(found(['instruções'], 'INSTRUÇÕES')).toEqual(['instruções 0'])
  })

  it('finds what searching for each word finds', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '指', ' '), minLength: 1, maxLength: 5 })
    const texts = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', '指', ' ', 'x', '\ud83d', '😀'),
      maxLength: 40,
    })
    fc.assert(
      fc.property(fc.uniqueArray(letters, { minLength: 1, maxLength: 8 }), texts, (words, text) => {
        expect(found(words, text)).toEqual(searched(words, text))
      }),
      { numRuns: 200 },
    )
  })
})
