import { describe, expect, it } from 'vitest'
import { AssizeError } from '../errors.ts'
import { checkRecordContent, mostRecordBytes } from './record-content.ts'

const messages = [{ role: 'user', content: 'Hi' }]

function refusalOf(content: Parameters<typeof checkRecordContent>[0]): string {
  try {
    checkRecordContent(content)
  } catch (error) {
    if (error instanceof AssizeError && error.situation === 'dataset_record_invalid') return error.message
    throw error
  }
  return 'none'
}

function nested(levels: number): unknown {
  return levels === 0 ? 'x' : [nested(levels - 1)]
}

describe('content of a record', () => {
  it('is a conversation, with anything beside it', () => {
    const payload = { messages, model: 'm', extra: { deep: [1] } }
    expect(checkRecordContent({ payload })).toEqual({ payload, properties: {} })
    expect(checkRecordContent({ payload, properties: null })).toEqual({ payload, properties: {} })
    const properties = { topic: 'x' }
    expect(checkRecordContent({ payload, properties })).toEqual({ payload, properties })
    expect(refusalOf({ payload: { messages: [{ role: 'assistant', content: null }] } })).toBe('none')
  })

  it.each([
    [undefined, 'payload is missing; expected an object with messages.'],
    ['x', 'payload is a string; expected an object with messages.'],
    [[messages], 'payload is an array; expected an object with messages.'],
    [{}, 'payload.messages is missing; expected an array of chat messages.'],
    [{ messages: 'Hi' }, 'payload.messages is a string; expected an array of chat messages.'],
    [{ messages: [] }, 'payload.messages is empty; expected at least one message.'],
    [
      { messages: [{ role: 'user', content: 'x' }, null] },
      'payload.messages[1] is null; expected an object with a role and content.',
    ],
    [
      { messages: [{ role: 'oracle', content: 'x' }] },
      'payload.messages[0].role is "oracle"; expected one of system, developer, user, assistant, tool, function.',
    ],
  ])('is not %j', (payload, message) => {
    expect(refusalOf({ payload })).toBe(message)
  })

  it('has properties that are an object', () => {
    expect(refusalOf({ payload: { messages }, properties: [1] })).toBe(
      'properties is an array; expected an object.',
    )
  })

  it('nests no deeper than what is read', () => {
    expect(refusalOf({ payload: { messages, extra: nested(99) } })).toBe('none')
    const tooDeep = 'nests too deep; expected at most 100 levels.'
    expect(refusalOf({ payload: { messages, extra: nested(100) } })).toBe(`payload ${tooDeep}`)
    expect(refusalOf({ payload: { messages }, properties: { extra: nested(100) } })).toBe(
      `properties ${tooDeep}`,
    )
    const payload = { messages: [{ role: 'user', content: 'x', extra: nested(100) }] }
    expect(refusalOf({ payload })).toBe(`payload ${tooDeep}`)
  })

  it('has 4,000,000 bytes at most', () => {
    const without = JSON.stringify({ messages, more: '' }).length + JSON.stringify({}).length
    const more = `ä${'x'.repeat(mostRecordBytes - without - 2)}`
    expect(refusalOf({ payload: { messages, more } })).toBe('none')
    expect(refusalOf({ payload: { messages, more }, properties: { a: 1 } })).toBe(
      'payload and properties have 4,000,005 bytes as JSON; expected at most 4,000,000 together.',
    )
  })
})
