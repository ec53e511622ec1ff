import type { RecordContent } from '../dataset.ts'
import { toContent } from './messages-form.ts'
import { type Fields, fault, isObject, RowFault, structured, without } from './row-fields.ts'

const roles: ReadonlyMap<unknown, string> = new Map([
  ['system', 'system'],
  ['human', 'user'],
  ['user', 'user'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['assistant', 'assistant'],
  ['model', 'assistant'],
  ['bot', 'assistant'],
  ['function_call', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['observation', 'tool'],
  ['function_response', 'tool'],
])

/**
 * `{"conversations": [{"from": "human", "value": "..."}, ...], "system": "...", ...}`. Other fields stay in the payload,
 * and `tools` become the property `available_tools`.
 * @throws RowFault
 */
export function readSharegptForm(row: Fields): RecordContent {
  const turns = structured(row, 'conversations')
  if (!Array.isArray(turns)) throw fault('conversations', turns, 'an array of {"from", "value"}')
  const messages = turns.map(readTurn)
  const { system } = row
  if (typeof system !== 'string' || system === '') return toContent(messages, row, 'conversations')
  const led = [{ role: 'system', content: system }, ...messages]
  return toContent(led, without(row, 'system'), 'conversations')
}

function readTurn(turn: unknown, index: number): Readonly<Record<string, unknown>> {
  const place = `conversations[${index}]`
  if (!isObject(turn)) throw fault(place, turn, 'an object with "from" and "value"')
  const { from, value, role: chatRole, content, ...others } = turn
  const said = from ?? chatRole
  const role = roles.get(said)
  if (role === undefined) {
    const found = JSON.stringify(said)?.slice(0, 60) ?? 'missing'
    throw new RowFault(`${place}.from is ${found}; expected one of ${[...roles.keys()].join(', ')}.`)
  }
  const text = value ?? content
  if (typeof text !== 'string' && !Array.isArray(text)) throw fault(`${place}.value`, text, 'a text')
  return { ...others, role, content: text }
}
