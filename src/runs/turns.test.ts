import { describe, expect, it } from 'vitest'
import { nextTurns } from './turns.ts'

const turns = (current: Record<string, number>, ended: Record<string, number> = {}) => ({
  current: new Map(Object.entries(current)),
  ended: new Map(Object.entries(ended)),
})

describe('turns', () => {
  it('are given by age while there is room', () => {
    expect(nextTurns(['a', 'b', 'c'], turns({}), 2, 0)).toEqual({ begin: ['a', 'b'], end: [] })
    expect(nextTurns(['a', 'b', 'c'], turns({ a: 0 }), 2, 5)).toEqual({ begin: ['b'], end: [] })
    expect(nextTurns([], turns({}), 2, 0)).toEqual({ begin: [], end: [] })
  })

  it('do not end while nobody waits', () => {
    expect(nextTurns(['a', 'b'], turns({ a: 0, b: 0 }), 2, 1e9)).toEqual({ begin: [], end: [] })
    expect(nextTurns(['a', 'b'], turns({ a: 0 }), 2, 1e9)).toEqual({ begin: ['b'], end: [] })
  })

  it('end after ten seconds where somebody waits, the longest first', () => {
    const current = turns({ a: 2000, b: 1000 })
    expect(nextTurns(['a', 'b', 'c'], current, 2, 10_999)).toEqual({ begin: [], end: [] })
    expect(nextTurns(['a', 'b', 'c'], current, 2, 11_000)).toEqual({ begin: ['c'], end: ['b'] })
    expect(nextTurns(['a', 'b', 'c', 'd', 'e'], current, 2, 99_000)).toEqual({
      begin: ['c', 'd'],
      end: ['b', 'a'],
    })
  })

  it('are first for those that never had one, then for those that have waited longest', () => {
    const all = turns({}, { a: 100, b: 50 })
    expect(nextTurns(['a', 'b', 'c', 'd'], all, 3, 200).begin).toEqual(['c', 'd', 'b'])
  })

  it('come round to everybody, however many there are', () => {
    const running = ['a', 'b', 'c', 'd', 'e']
    const [current, ended] = [new Map<string, number>(), new Map<string, number>()]
    const had: string[] = []
    for (let nowMs = 0; nowMs < 60_000; nowMs += 1000) {
      const next = nextTurns(running, { current, ended }, 2, nowMs)
      for (const id of next.end) {
        current.delete(id)
        ended.set(id, nowMs)
      }
      for (const id of next.begin) {
        current.set(id, nowMs)
        had.push(id)
      }
      expect(current.size).toBe(2)
    }
    for (const id of running) expect(had.filter((one) => one === id).length).toBeGreaterThanOrEqual(2)
  })
})
