import { describe, expect, it } from 'vitest'
import { RestartLimit } from './restart-limit.ts'

describe('a server that fails', () => {
  it('is started again after pauses that double', () => {
    const limit = new RestartLimit()
    expect(limit.pauseMs(0)).toBe(0)
    limit.noteFailure(1000, 'broken')
    expect([limit.pauseMs(1000), limit.pauseMs(1150), limit.pauseMs(1300)]).toEqual([200, 50, 0])
    limit.noteFailure(2000, 'broken')
    expect(limit.pauseMs(2000)).toBe(400)
    expect(limit.refusal(2000)).toBeUndefined()
  })

  it('is left alone after three failures, for half a minute', () => {
    const limit = new RestartLimit()
    for (const reason of ['first', 'second', 'third']) limit.noteFailure(0, reason)
    expect([limit.refusal(29_999), limit.refusal(30_000)]).toEqual(['third', undefined])
    limit.noteFailure(30_000, 'fourth')
    expect(limit.refusal(30_001)).toBe('fourth')
  })

  it('is left alone at once where trying again is sure to fail', () => {
    const limit = new RestartLimit()
    limit.noteFailure(0, 'no such key', true)
    expect(limit.refusal(1)).toBe('no such key')
  })

  it('is forgiven what was before a long life', () => {
    const limit = new RestartLimit()
    limit.noteFailure(0, 'x')
    limit.noteFailure(0, 'x')
    limit.noteEnd(20_000, 10_000, 'it ended')
    expect([limit.refusal(20_000), limit.pauseMs(20_000)]).toEqual([undefined, 200])
    limit.noteEnd(21_000, 20_500, 'it ended')
    limit.noteEnd(22_000, 21_500, 'it ended')
    expect(limit.refusal(22_000)).toBe('it ended')
  })
})
