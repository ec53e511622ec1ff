import { describe, expect, it } from 'vitest'
import { closingQuote, isLooping } from './generated-text.ts'

describe('the closing quote of a JSON string', () => {
  it.each([
    ['Fine.", "answer"', 5],
    ['\\"Fine\\"', -1],
    ['a\\\\"', 3],
    ['a\\\\\\"b', -1],
    ['', -1],
    ['"', 0],
  ])('in %j is at %d', (text, index) => {
    expect(closingQuote(text)).toBe(index)
  })
})

describe('a text that goes round in circles', () => {
  it.each([
    ['No, it is not. '.repeat(4), true],
    [`The answer is 1${'0'.repeat(40)}`, true],
    [`Good. ${'The answer is 1.\nIt is. '.repeat(5)}`, true],
    ['The answer is 100000000.', false],
    ['It is good, it is fine, it is great, it is what the user asked for.', false],
    ['No, it is not. '.repeat(3), false],
    ['ha ha ha ha ha', false],
    ['', false],
  ])('%j: %s', (text, isLoop) => {
    expect(isLooping(text)).toBe(isLoop)
  })
})
