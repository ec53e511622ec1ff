import { describe, expect, it } from 'vitest'
import { retryAfterMs } from '../../src/models/retry-after.ts'

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)

describe('Retry-After', () => {
  const asked: readonly [Record<string, string | string[] | undefined>, number | undefined][] = [
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': ' 0.5 ' }, 500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '86400' }, 86_400_000],
    [{ 'retry-after': ['3', '9'] }, 3000],
    [{ 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, 10_000],
    [{ 'retry-after': 'Fri, 02 Jan 2026 03:04:00 GMT' }, 0],
    [{ 'retry-after-ms': '120', 'retry-after': '1' }, 120],
    [{ 'retry-after-ms': 'soon', 'retry-after': '1' }, 1000],
    [{}, undefined],
    [{ 'retry-after': undefined }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '1e9' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after': '99999999999999999999' }, undefined],
    [{ 'retry-after': '2026' }, 2_026_000],
  ]
  for (const [headers, expected] of asked) {
    it(`${JSON.stringify(headers)} is ${expected}`, () => {
      expect(retryAfterMs(headers, nowMs)).toBe(expected)
    })
  }
})
