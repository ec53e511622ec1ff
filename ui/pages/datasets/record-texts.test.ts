import { expect, it } from 'vitest'
import { lastSaid, shortValue } from './record-texts.ts'

it('shows what a role said last on one line', () => {
  const messages = [
    { role: 'user', content: 'first' },
    { role: 'user', content: [{ type: 'text', text: 'sec\n\nond' }] },
    { role: 'assistant', content: '', tool_calls: [{ function: { name: 'find', arguments: '{}' } }] },
  ]
  expect(lastSaid(messages, 'user')).toBe('sec ond')
  expect(lastSaid(messages, 'assistant')).toBe('calls find')
  expect(lastSaid(messages, 'system')).toBe('')
})

it('shows any value on one line', () => {
  expect([undefined, 'text', 3, { a: [1] }, null].map(shortValue)).toEqual([
    '',
    'text',
    '3',
    '{"a":[1]}',
    'null',
  ])
})
