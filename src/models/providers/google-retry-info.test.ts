import { expect, it } from 'vitest'
import { retryInfoMs } from './google-retry-info.ts'

const type = 'type.googleapis.com/google.rpc.RetryInfo'

function bodyOf(...details: unknown[]): string {
  return JSON.stringify({ error: { code: 429, message: 'Wait.', details } })
}

it.each([
  ['47s', 47_000],
  ['45.578569677s', 45_579],
  ['0s', 0],
])('%s is so many milliseconds', (retryDelay, expected) => {
  const help = { '@type': 'type.googleapis.com/google.rpc.Help' }
  expect(retryInfoMs(bodyOf(help, 7, { '@type': type, retryDelay }))).toBe(expected)
  expect(retryInfoMs(`[${bodyOf({ '@type': type, retryDelay })}]`)).toBe(expected)
})

it.each([
  ['', '<html>', 'null', '{}', '[]', '{"error": "x"}', '{"error": {"details": {}}}'],
  [bodyOf(), bodyOf({ '@type': type }), bodyOf({ '@type': type, retryDelay: 47 })],
  [bodyOf({ '@type': type, retryDelay: '-1s' }), bodyOf({ '@type': type, retryDelay: '1m' })],
  [bodyOf({ '@type': 'type.googleapis.com/google.rpc.Help', retryDelay: '47s' })],
])('nothing is read where nothing is said: %j', (...bodies) => {
  for (const body of bodies) expect(retryInfoMs(body)).toBeUndefined()
})
