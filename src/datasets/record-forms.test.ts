import { describe, expect, it } from 'vitest'
import type { ColumnMapping } from './forms/column-mapping.ts'
import { RowFault } from './forms/row-fields.ts'
import { chooseForm, describeForm, type RecordForm, toRecordContent } from './record-forms.ts'
import type { Row } from './rows/row.ts'

const user = { role: 'user', content: 'What is 2 + 2?' }
const assistant = { role: 'assistant', content: '4' }
const messages = [user, assistant]

function rowsOf(...values: unknown[]): Row[] {
  return values.map((value, index) => ({ line: index + 1, value }))
}

/** What becomes of a row whose form is seen from itself. */
function recordOf(row: unknown, mapping?: ColumnMapping): unknown {
  return toRecordContent(row, chooseForm(rowsOf(row), mapping))
}

function refusalOf(row: unknown, form: RecordForm): string {
  const refused = toRecordContent(row, form)
  return 'reason' in refused ? refused.reason : JSON.stringify(refused)
}

describe('records as they are shown and exported', () => {
  it('come back as they were', () => {
    const payload = { messages, id: 'mine', note: { deep: [1] } }
    const properties = { language: 'en' }
    const exported = {
      id: '01890a5d-ac96-774b-bcce-b302099a8057',
      payload,
      properties,
      source: 'DIRECT_INPUT',
      created_at: '2026-03-01T12:00:00.000Z',
    }
    expect(recordOf(exported)).toEqual({ payload, properties })
    expect(recordOf({ payload, properties })).toEqual({ payload, properties })
    expect(recordOf({ payload, properties: null })).toEqual({ payload, properties: {} })
    expect(recordOf({ payload })).toEqual({ payload, properties: {} })
  })

  it('keep what somebody put beside them in the payload', () => {
    expect(recordOf({ id: 'mine', label: 'yes', payload: { messages, label: 'no' } })).toEqual({
      payload: { id: 'mine', label: 'no', messages },
      properties: {},
    })
  })

  it('may stand in a table as text', () => {
    const row = { payload: JSON.stringify({ messages }), properties: '{"a":1}' }
    expect(recordOf(row)).toEqual({ payload: { messages }, properties: { a: 1 } })
    expect(recordOf({ ...row, properties: '' })).toEqual({ payload: { messages }, properties: {} })
  })

  it.each([
    [{ payload: [] }, 'payload is an array; expected an object with messages.'],
    [{ payload: '{' }, /^payload is text that is no JSON: /],
    [{ payload: {} }, 'payload.messages is missing; expected an array of chat messages.'],
    [{ payload: { messages: [] } }, 'payload.messages is empty; expected at least one message.'],
    [{ payload: { messages }, properties: [] }, 'properties is an array; expected an object.'],
    [
      { payload: { messages: [user, { role: 'judge' }] } },
      /^payload\.messages\[1\]\.role is "judge"; expected one of system, /,
    ],
    ['text', 'The row is a string; expected an object.'],
    [null, 'The row is null; expected an object.'],
  ])('that are wrong are refused: %j', (row, reason) => {
    expect(refusalOf(row, { kind: 'payload' })).toMatch(reason)
  })
})

describe('chat messages', () => {
  it('leave what stands beside them where no judge sees it', () => {
    const row = { id: 'a-1', messages, properties: { topic: 'sums' }, label: 'right', labels: ['right'] }
    expect(recordOf(row)).toEqual({
      payload: { id: 'a-1', label: 'right', labels: ['right'], messages },
      properties: { topic: 'sums' },
    })
  })

  it('of fine-tuning make their tools known to the judge', () => {
    const tools = [{ type: 'function', function: { name: 'add' } }]
    const weighted = [user, { ...assistant, weight: 0 }]
    const row = { messages: weighted, tools, parallel_tool_calls: false }
    expect(recordOf(row)).toEqual({
      payload: { parallel_tool_calls: false, messages: weighted },
      properties: { available_tools: tools },
    })
    expect(recordOf({ messages, functions: tools })).toMatchObject({ properties: { available_tools: tools } })
    expect(recordOf({ messages, tools: JSON.stringify(tools) })).toMatchObject({
      properties: { available_tools: tools },
    })
  })

  it('keep tools that are none, or that the properties have already', () => {
    const properties = { available_tools: 'none' }
    expect(recordOf({ messages, tools: [1], properties })).toEqual({
      payload: { tools: [1], messages },
      properties,
    })
    for (const tools of [null, 'a hammer', 3]) {
      expect(recordOf({ messages, tools })).toEqual({ payload: { tools, messages }, properties: {} })
    }
  })

  it.each([
    [{ messages: 'Hi' }, /^messages is text that is no JSON: /],
    [{ messages: { role: 'user' } }, 'messages is an object; expected an array of chat messages.'],
    [{ messages: [{ role: 'user', content: 5 }] }, /^messages\[0\]\.content is a number; expected /],
    [{ messages, properties: '3' }, 'properties is a number; expected an object.'],
    [{ question: 'Hi' }, 'messages is missing; expected an array of chat messages.'],
  ])('that are none are refused: %j', (row, reason) => {
    expect(refusalOf(row, { kind: 'messages' })).toMatch(reason)
  })
})

describe('ShareGPT conversations', () => {
  it('are read with all their roles', () => {
    const row = {
      id: 'identity_0',
      system: 'Be brief.',
      conversations: [
        { from: 'human', value: 'What is 2 + 2?' },
        { from: 'function_call', value: '{"name": "add"}' },
        { from: 'observation', value: '4' },
        { from: 'gpt', value: '4', weight: 1 },
      ],
      tools: '[{"name": "add"}]',
    }
    expect(recordOf(row)).toEqual({
      payload: {
        id: 'identity_0',
        messages: [
          { role: 'system', content: 'Be brief.' },
          user,
          { role: 'assistant', content: '{"name": "add"}' },
          { role: 'tool', content: '4' },
          { ...assistant, weight: 1 },
        ],
      },
      properties: { available_tools: [{ name: 'add' }] },
    })
  })

  it('may be written with role and content', () => {
    expect(recordOf({ conversations: JSON.stringify(messages), messages: 2 })).toEqual({
      reason: 'messages is a number; expected an array of chat messages.',
    })
    expect(recordOf({ conversations: messages })).toEqual({ payload: { messages }, properties: {} })
  })

  it.each([
    [{ conversations: 'Hi' }, /^conversations is text that is no JSON: /],
    [{ conversations: {} }, 'conversations is an object; expected an array of {"from", "value"}.'],
    [{ conversations: [[]] }, 'conversations[0] is an array; expected an object with "from" and "value".'],
    [{ conversations: [{ from: 'human' }] }, 'conversations[0].value is missing; expected a text.'],
    [
      { conversations: [{ from: 'alien', value: 'x' }] },
      /^conversations\[0\]\.from is "alien"; expected one of system, human, /,
    ],
    [{ conversations: [] }, 'messages is empty; expected at least one message.'],
  ])('that are none are refused: %j', (row, reason) => {
    const refused = refusalOf(row, { kind: 'sharegpt' })
    if (typeof reason === 'string') expect(refused).toBe(reason)
    else expect(refused).toMatch(reason)
  })
})

describe('columns', () => {
  it.each([
    { prompt: user.content, completion: assistant.content },
    { prompt: user.content, response: assistant.content },
    { question: user.content, answer: assistant.content },
    { input: user.content, output: assistant.content },
    { instruction: user.content, input: '', output: assistant.content },
    { instruction: user.content, context: null, response: assistant.content },
    { instruction: 'What is', context: '2 + 2?', response: 4 },
    { question: [user], answer: [assistant] },
  ])('are known by their names: %j', (row) => {
    const asked =
      row.instruction === 'What is' ? [{ role: 'user', content: 'What is\n\n2 + 2?' }, assistant] : messages
    expect(recordOf(row)).toEqual({ payload: { messages: asked }, properties: {} })
  })

  it('make all others properties, but no label and no id', () => {
    const row = {
      id: 7,
      question: user.content,
      answer: '4',
      system: 'Be brief.',
      score: '0.5',
      label: 'yes',
    }
    expect(recordOf(row)).toEqual({
      payload: { id: 7, label: 'yes', messages: [{ role: 'system', content: 'Be brief.' }, ...messages] },
      properties: { score: '0.5' },
    })
    const nested = { question: user.content, answer: '4', properties: { score: 1 }, language: 'en' }
    expect(recordOf(nested)).toMatchObject({ properties: { score: 1, language: 'en' } })
  })

  it('are what a mapping says', () => {
    const row = { q: user.content, a: '4', lead: '', score: '0.5', meta: '{"a":[1]}', gap: '', note: 'x' }
    expect(recordOf(row, { input: 'q', output: 'a', system: 'lead' })).toEqual({
      payload: { messages },
      properties: { score: '0.5', meta: '{"a":[1]}', gap: '', note: 'x' },
    })
    const json = ['score', 'meta', 'gap']
    expect(recordOf(row, { input: 'q', output: 'a', properties: ['score', 'q', 'meta'], json })).toEqual({
      payload: { lead: '', note: 'x', messages },
      properties: { score: 0.5, q: user.content, meta: { a: [1] } },
    })
    expect(recordOf(row, { input: 'q' })).toMatchObject({ payload: { messages: [user] } })
  })

  it.each([
    [{ question: 'Hi' }, '"answer" is missing; expected a text.'],
    [{ question: { a: 1 }, answer: 'x' }, '"question" is an object; expected a text.'],
    [{ question: null, answer: 'x' }, '"question" is missing; expected a text.'],
    [
      { question: 'Hi', answer: ['x'] },
      'messages[1] is a string; expected an object with a role and content.',
    ],
    [{ question: 'Hi', answer: 'x', meta: '{' }, /^meta is text that is no JSON: /],
  ])('that make no conversation are refused: %j', (row, reason) => {
    const mapping = { input: 'question', output: 'answer', json: ['meta'] }
    const refused = refusalOf(row, { kind: 'columns', mapping })
    if (typeof reason === 'string') expect(refused).toBe(reason)
    else expect(refused).toMatch(reason)
  })
})

describe('the form of a file', () => {
  it('is the one of most of its first rows', () => {
    const rows = rowsOf({ prompt: '', completion: '' }, 5, { messages }, { other: 1 }, { messages })
    expect(chooseForm(rows)).toEqual({ kind: 'messages' })
    expect(chooseForm([{ line: 1, reason: 'The row is no JSON.' }, ...rowsOf({ payload: {} })])).toEqual({
      kind: 'payload',
    })
  })

  it.each([
    [[], 'The file has no rows.'],
    [
      [{ line: 3, reason: 'The row is no JSON: x.' }],
      'None of the first 1 rows can be read. Line 3: The row is no JSON: x.',
    ],
    [rowsOf([]), 'None of the first 1 rows can be read. Line 1: It is an array; expected an object.'],
    [
      rowsOf({ text: 'x', source: 'y' }),
      'The first rows have the fields "text", "source", which is no known form; expected "messages", "payload", "conversations", or a mapping that says which field is the input and which the output.',
    ],
  ])('that is none is told: %j', (rows, message) => {
    expect(() => chooseForm(rows)).toThrow(new RowFault(message))
  })

  it('is no mapping of fields that are not there', () => {
    const table = rowsOf({ q: '1', a: '2' }, { q: '3', a: '4' })
    expect(() => chooseForm(table, { input: 'question', output: 'a' })).toThrow(
      'The mapping names "question"; the first rows have the fields "q", "a".',
    )
    expect(() => chooseForm(table, { input: 'q', properties: ['score'] })).toThrow('names "score"')
    const ragged = rowsOf({ q: '1', a: '2' }, { q: '3' })
    expect(chooseForm(ragged, { input: 'q', properties: ['score'] })).toMatchObject({ kind: 'columns' })
    expect(() => chooseForm(ragged, { input: 'q', output: 'score' })).toThrow('names "score"')
  })

  it('is told in words', () => {
    expect(describeForm({ kind: 'messages' })).toBe('chat messages')
    const alpaca = chooseForm(rowsOf({ instruction: '', input: '', output: '' }))
    expect(describeForm(alpaca)).toBe(
      'columns, "instruction" as input, "input" as context, "output" as output',
    )
  })
})
