import { describe, expect, it } from 'vitest'
import { readChatReply } from './chat-reply.ts'

const judgment = '{"analysis": "It is.", "answer": "yes"}'
const other = '{"analysis": "It is not.", "answer": "no"}'

function call(name: string, args: unknown = judgment) {
  return { id: 'call_1', type: 'function', function: { name, arguments: args } }
}

function read(
  message: unknown,
  finish: string | null = 'stop',
  format: 'json_schema' | 'tool_call' = 'json_schema',
) {
  return readChatReply({ choices: [{ message, finish_reason: finish }] }, format, {
    wantsTokens: false,
    hasTools: false,
  })
}

describe('the text of a chat completion', () => {
  it.each([
    ['a string', { content: judgment }, judgment],
    ['null', { content: null }, ''],
    ['nothing', {}, ''],
    [
      'chunks',
      {
        content: [
          { type: 'text', text: '{"a' },
          { type: 'text', text: 'b"}' },
        ],
      },
      '{"ab"}',
    ],
    ['chunks that are strings', { content: ['{"a', 'b"}'] }, '{"ab"}'],
    [
      'reasoning and text',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: other }] },
          { type: 'text', text: judgment },
        ],
      },
      judgment,
    ],
    [
      'reasoning chunks alone',
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: other }] }] },
      '',
    ],
    [
      'reasoning of another kind',
      {
        content: [
          { type: 'reasoning', text: other },
          { type: 'text', text: judgment },
        ],
      },
      judgment,
    ],
    ['a field of reasoning', { content: judgment, reasoning_content: other }, judgment],
    [
      'a newer field of reasoning',
      { content: judgment, reasoning: other, reasoning_details: [{ text: other }] },
      judgment,
    ],
    ['reasoning alone', { content: '', reasoning_content: other }, ''],
    ['reasoning alone, newer', { content: null, reasoning: other }, ''],
    ['a call that nobody asked for', { content: judgment, tool_calls: [call('judgment', other)] }, judgment],
  ])('is what the model said and never what it thought: %s', (_, message, text) => {
    expect(read(message)).toMatchObject({ text, finish: 'stop', enforcement: 'json_schema' })
  })

  it.each([
    ['content', { content: '<think>Perhaps.</think>{}' }, true],
    ['a field', { content: judgment, reasoning_content: 'Perhaps.' }, true],
    ['chunks', { content: [{ type: 'thinking', thinking: [] }] }, true],
    ['an empty field', { content: judgment, reasoning_content: '' }, false],
    ['nothing', { content: judgment }, false],
  ])('tells whether the model reasoned, by %s', (_, message, hasReasoning) => {
    expect(read(message)).toMatchObject({ hasReasoning })
  })
})

describe('a forced tool call', () => {
  const one = { content: null, tool_calls: [call('judgment')] }

  it.each(['stop', 'tool_calls', 'tool_use', null])('is read for its arguments (finish %j)', (finish) => {
    expect(read(one, finish, 'tool_call')).toMatchObject({
      text: judgment,
      finish: 'stop',
      enforcement: 'tool_call',
    })
  })

  it('counts more than text beside it', () => {
    expect(read({ ...one, content: other }, 'stop', 'tool_call')).toMatchObject({ text: judgment })
  })

  it('may give its arguments as an object', () => {
    const message = { content: '', tool_calls: [call('judgment', { analysis: 'It is.', answer: 'yes' })] }
    expect(read(message, 'stop', 'tool_call')?.text).toBe('{"analysis":"It is.","answer":"yes"}')
  })

  it('that was made twice is read twice, so that two answers are none', () => {
    const message = { content: null, tool_calls: [call('judgment'), call('judgment', other)] }
    expect(read(message, 'stop', 'tool_call')?.text).toBe(`${judgment}\n${other}`)
  })

  it('that was cut says so', () => {
    expect(read(one, 'length', 'tool_call')).toMatchObject({ finish: 'length' })
  })

  it.each([
    ['none', { content: judgment }],
    ['an empty list', { content: judgment, tool_calls: [] }],
    ['null', { content: judgment, tool_calls: null }],
    ['another', { content: judgment, tool_calls: [call('search', '{"query": "x"}')] }],
    ['broken', { content: judgment, tool_calls: [{ id: 'call_1' }, null] }],
  ])('that is not made leaves the text, to which nothing held the model: %s', (_, message) => {
    expect(read(message, 'stop', 'tool_call')).toMatchObject({ text: judgment, enforcement: 'text' })
  })
})

describe('the end of a chat completion', () => {
  it.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['', 'stop'],
    [null, 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['MAX_TOKENS', 'length'],
    ['content_filter', 'filtered'],
    ['content_filter: PROHIBITED_CONTENT', 'filtered'],
    ['SAFETY', 'filtered'],
    ['RECITATION', 'filtered'],
    ['guardrail_intervened', 'filtered'],
    ['refusal', 'refused'],
  ])('%j is %j', (reason, finish) => {
    expect(read({ content: '' }, reason)).toMatchObject({ finish })
  })

  it('is a refusal where the model refuses in a field of its own', () => {
    expect(read({ content: null, refusal: "I can't help with that." })).toMatchObject({
      text: '',
      finish: 'refused',
    })
  })

  it('is at the limit where reasoning took all of it', () => {
    expect(read({ content: null, reasoning_content: 'Let me see' }, 'length')).toMatchObject({
      text: '',
      finish: 'length',
    })
  })

  it.each(['error', 'insufficient_system_resource'])('%j is no reply at all', (reason) => {
    expect(read({ content: judgment }, reason)).toBeUndefined()
  })
})

describe('what a chat completion took', () => {
  function usageOf(usage: unknown) {
    return readChatReply({ choices: [{ message: { content: judgment } }], usage }, 'json_schema', {
      wantsTokens: false,
      hasTools: false,
    })?.usage
  }

  it.each([
    ['numbers', { prompt_tokens: 7, completion_tokens: 2 }, { inputTokens: 7, outputTokens: 2 }],
    ['text', { prompt_tokens: '7', completion_tokens: 2 }, { inputTokens: 0, outputTokens: 2 }],
    ['no whole number', { prompt_tokens: 7.5, completion_tokens: -2 }, { inputTokens: 0, outputTokens: 0 }],
    ['endless', { prompt_tokens: 1e300, completion_tokens: Infinity }, { inputTokens: 0, outputTokens: 0 }],
    ['no object', 'much', { inputTokens: 0, outputTokens: 0 }],
    ['null', null, { inputTokens: 0, outputTokens: 0 }],
  ])('costs no reply where it is %s', (_, usage, taken) => {
    expect(usageOf(usage)).toEqual(taken)
  })
})

describe('arguments nested deeper than they can be written', () => {
  it('are no answer, and leave none to other calls', () => {
    const deep = JSON.parse(`{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
    const message = { tool_calls: [call('judgment', deep), call('judgment')] }
    expect(read(message, 'tool_calls', 'tool_call')?.text).toBe(`{"answer": null}\n${judgment}`)
  })
})
