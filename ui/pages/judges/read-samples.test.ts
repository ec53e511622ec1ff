import { describe, expect, it } from 'vitest'
import { readPasted, titleOf } from './read-samples.ts'

const messages = [{ role: 'user', content: 'Hi' }]

describe('what is pasted', () => {
  it.each([
    ['messages alone', JSON.stringify(messages), [{ messages }]],
    ['an object', JSON.stringify({ messages, other: 1 }), [{ messages }]],
    [
      'properties too',
      JSON.stringify({ messages, properties: { a: 1 } }),
      [{ messages, properties: { a: 1 } }],
    ],
    ['several', JSON.stringify([{ messages }, { messages }]), [{ messages }, { messages }]],
    [
      'one a line',
      `${JSON.stringify({ messages })}\n\n${JSON.stringify(messages)}\n`,
      [{ messages }, { messages }],
    ],
    [
      'an exported record',
      JSON.stringify({ payload: { messages }, properties: { b: 2 } }),
      [{ messages, properties: { b: 2 } }],
    ],
  ])('can be %s', (_what, text, expected) => {
    expect(readPasted(text)).toEqual(expected)
  })

  it.each([
    ['', /nothing/],
    ['{"a": 1}', /Conversation 1 has no messages/],
    ['[{"messages": []}, 3]', /Conversation 2 is no object/],
    ['{"messages": []}\nnot json', /Line 2 is no JSON/],
  ])('%j is refused with a reason', (text, reason) => {
    expect(() => readPasted(text)).toThrow(reason)
  })

  it('is called by what was said last', () => {
    expect(titleOf({ messages: [...messages, { role: 'assistant', content: 'x'.repeat(100) }] })).toBe(
      `${'x'.repeat(80)}…`,
    )
    expect(titleOf({ messages: [{ role: 'tool', content: [] }] })).toBe('a conversation without text')
  })
})
