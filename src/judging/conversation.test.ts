import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssizeError } from '../errors.ts'
import { readConversation } from './conversation.ts'

/** The text of one user message with this content. */
function textOf(content: unknown): string | undefined {
  return readConversation([{ role: 'user', content }]).turns[0]?.text
}

function refusal(messages: readonly unknown[], properties?: Record<string, unknown>): string {
  try {
    readConversation(messages, properties)
  } catch (error) {
    expect(error).toBeInstanceOf(AssizeError)
    expect((error as AssizeError).situation).toBe('conversation_invalid')
    return (error as AssizeError).message
  }
  throw new Error('Nothing was refused.')
}

describe('roles', () => {
  it.each([
    ['system', 'system'],
    ['developer', 'system'],
    ['user', 'user'],
    ['assistant', 'assistant'],
    ['tool', 'tool'],
    ['function', 'tool'],
  ])('%s is read as %s', (role, read) => {
    expect(readConversation([{ role, content: 'x' }]).turns).toEqual([
      { role: read, text: 'x', toolCalls: [], toolName: undefined },
    ])
  })

  it('may come in any order, with no assistant at all', () => {
    const roles = ['assistant', 'tool', 'user', 'user', 'system']
    expect(readConversation(roles.map((role) => ({ role }))).turns.map(({ role }) => role)).toEqual(roles)
  })
})

describe('content', () => {
  it.each([
    ['Hi', 'Hi'],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [[], ''],
    [['Hi', 'there'], 'Hi\nthere'],
    [[{ text: 'untyped' }], 'untyped'],
    [[{ type: 'text', text: '' }], ''],
    [
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      'a\nb',
    ],
  ])('%j is read as %j', (content, text) => expect(textOf(content)).toBe(text))

  it.each<[object, string]>([
    [{ type: 'text', text: 'Hi', cache_control: {} }, 'Hi'],
    [{ type: 'input_text', text: 'Hi' }, 'Hi'],
    [{ type: 'output_text', text: 'Hi', annotations: [] }, 'Hi'],
    [{ type: 'refusal', refusal: 'No.' }, 'No.'],
    [
      {
        type: 'thinking',
        thinking: [
          { type: 'text', text: 'So' },
          { type: 'text', text: 'then' },
        ],
      },
      '[thinking: So\nthen]',
    ],
    [{ type: 'thinking', thinking: 'So', signature: 'x' }, '[thinking: So]'],
    [{ type: 'thinking' }, ''],
    [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'So' }] }, '[thinking: So]'],
    [{ type: 'image_url', image_url: 'https://x/a.png' }, '[image: https://x/a.png]'],
    [{ type: 'image_url', image_url: { url: 'https://x/a.png', detail: 'low' } }, '[image: https://x/a.png]'],
    [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      '[image: image/png, 26 characters inline]',
    ],
    [{ type: 'input_image', file_id: 'file-1' }, '[image: file-1]'],
    [
      { type: 'document_url', document_url: 'https://x/a.pdf', document_name: 'Terms' },
      '[document: Terms, https://x/a.pdf]',
    ],
    [{ type: 'file', file_id: '3f1c' }, '[file: 3f1c]'],
    [{ type: 'file', file: { file_id: 'file-1', filename: 'a.pdf' } }, '[file: a.pdf, file-1]'],
    [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } }, '[file: inline]'],
    [{ type: 'input_file', filename: 'a.pdf', file_data: 'AAAA' }, '[file: a.pdf]'],
    [{ type: 'reference', reference_ids: [1, 'b'] }, '[reference: 1, b]'],
    [
      { type: 'tool_reference', tool: 'web_search', title: 'News', url: 'https://x' },
      '[reference: News, https://x, web_search]',
    ],
    [{ type: 'input_audio', input_audio: 'https://x/a.mp3' }, '[audio: https://x/a.mp3]'],
    [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }, '[audio: wav]'],
    [{ type: 'audio_url', audio_url: { url: 'https://x/a.mp3' } }, '[audio: https://x/a.mp3]'],
    [{ type: 'video_url', video_url: { url: 'https://x/a.mp4' } }, '[video: https://x/a.mp4]'],
  ])('the chunk %j is read as %j', (chunk, text) => expect(textOf([chunk])).toBe(text))
})

describe('tool calls', () => {
  it('of Mistral are read with their results', () => {
    const { turns } = readConversation([
      { role: 'user', content: 'Weather in Paris?' },
      {
        role: 'assistant',
        content: '',
        prefix: false,
        tool_calls: [
          {
            id: 'D681PevKs',
            index: 0,
            type: 'function',
            function: { name: 'weather', arguments: { city: 'Paris' } },
          },
        ],
      },
      { role: 'tool', content: '{"temp": 12}', tool_call_id: 'D681PevKs', name: 'weather' },
    ])
    expect(turns.slice(1)).toEqual([
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ name: 'weather', arguments: '{"city":"Paris"}' }],
        toolName: undefined,
      },
      { role: 'tool', text: '{"temp": 12}', toolCalls: [], toolName: 'weather' },
    ])
  })

  it('of OpenAI are read in each of their forms', () => {
    const { turns } = readConversation([
      {
        role: 'assistant',
        content: null,
        refusal: null,
        annotations: [],
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city": "Paris"}' } },
          { id: 'call_2', type: 'custom', custom: { name: 'shell', input: 'ls' } },
          { id: 'call_3', type: 'function', function: { name: 'now' } },
        ],
      },
      { role: 'assistant', content: null, function_call: { name: 'old', arguments: '{}' } },
      { role: 'function', name: 'old', content: 'done' },
      { role: 'assistant', content: 'It is cold.', tool_calls: null },
    ])
    expect(turns.map(({ toolCalls }) => toolCalls)).toEqual([
      [
        { name: 'weather', arguments: '{"city": "Paris"}' },
        { name: 'shell', arguments: 'ls' },
        { name: 'now', arguments: '{}' },
      ],
      [{ name: 'old', arguments: '{}' }],
      [],
      [],
    ])
    expect(turns[2]?.toolName).toBe('old')
  })

  it('of anybody but the assistant are fields like any other', () => {
    expect(readConversation([{ role: 'user', content: 'x', tool_calls: 'no' }]).turns[0]?.toolCalls).toEqual(
      [],
    )
  })
})

describe('what is no conversation', () => {
  const good = { role: 'user', content: 'Hi' }
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

  it.each<[unknown, string]>([
    [null, 'messages[1] is null;'],
    [undefined, 'messages[1] is missing;'],
    ['Hi', 'messages[1] is a string;'],
    [[null], 'messages[1] is an array;'],
    [{}, 'messages[1].role is missing;'],
    [{ role: 'judge' }, 'messages[1].role is "judge";'],
    [{ role: 'User' }, 'messages[1].role is "User";'],
    [{ role: null }, 'messages[1].role is null;'],
    [{ role: 'user', content: 1 }, 'messages[1].content is a number;'],
    [{ role: 'user', content: {} }, 'messages[1].content is an object;'],
    [{ role: 'user', content: true }, 'messages[1].content is a boolean;'],
    [{ role: 'user', content: ['x', null] }, 'messages[1].content[1] is null;'],
    [{ role: 'user', content: [{}] }, 'messages[1].content[0].type is missing;'],
    [{ role: 'user', content: [{ type: 'dance' }] }, 'messages[1].content[0].type is "dance";'],
    [{ role: 'user', content: [{ type: 'text', text: 5 }] }, 'messages[1].content[0] has no content'],
    [{ role: 'user', content: [{ type: 'image_url' }] }, 'messages[1].content[0] has no content'],
    [{ role: 'user', content: [{ type: '__proto__' }] }, 'messages[1].content[0].type is "__proto__";'],
    [{ role: 'assistant', tool_calls: 'x' }, 'messages[1].tool_calls is a string;'],
    [{ role: 'assistant', tool_calls: [null] }, 'messages[1].tool_calls[0] has no function'],
    [{ role: 'assistant', tool_calls: [{ function: {} }] }, 'messages[1].tool_calls[0] has no function'],
    [{ role: 'user', extra: nested(200) }, 'messages[1] nests too deep;'],
  ])('%j is told by its index', (message, start) => {
    expect(refusal([good, message])).toContain(start)
    expect(refusal([good, message])).toMatch(/; expected .+\.$/)
  })

  it('is an empty list, or properties that nest too deep', () => {
    expect(refusal([])).toBe('messages is empty; expected at least one message.')
    expect(refusal([good], { a: nested(100) })).toBe(
      'properties nests too deep; expected at most 100 levels.',
    )
    expect(readConversation([good], { a: nested(99) }).properties).toEqual({ a: nested(99) })
  })
})

it('reads anything, or says that it is no conversation', () => {
  const chunk = fc.record(
    {
      type: fc.constantFrom('text', 'image_url', 'thinking', 'file', 'reference', 'constructor', 1, null),
      text: fc.anything(),
      image_url: fc.anything(),
      thinking: fc.anything(),
      file: fc.anything(),
      reference_ids: fc.anything(),
    },
    { requiredKeys: [] },
  )
  const message = fc.record(
    {
      role: fc.constantFrom('user', 'assistant', 'tool', 'system', 'toString', 5),
      content: fc.oneof(fc.string(), fc.array(fc.oneof(chunk, fc.jsonValue())), fc.jsonValue()),
      tool_calls: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ function: fc.record({ name: fc.string(), arguments: fc.jsonValue() }) })),
      ),
      function_call: fc.jsonValue(),
      name: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: message }, fc.jsonValue())), (messages) => {
      const asSent = JSON.parse(
        JSON.stringify(messages, (_, value) => (typeof value === 'bigint' ? 1 : value)),
      )
      try {
        const { turns } = readConversation(asSent)
        expect(turns).toHaveLength(asSent.length)
        for (const { text, toolCalls } of turns) {
          expect(typeof text).toBe('string')
          expect(toolCalls.every((call) => typeof call.arguments === 'string')).toBe(true)
        }
      } catch (error) {
        if (!(error instanceof AssizeError)) throw error
        expect(error.situation).toBe('conversation_invalid')
        expect(error.message).toMatch(/^(?:messages(?:\[\d+\]\S*)?|properties) /)
      }
    }),
    { numRuns: 500 },
  )
})
