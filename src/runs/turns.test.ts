import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTurns as nextOf } from './turns.ts'

/** Runs by their ids, of the workspace that is named before a slash, if any; `+` is of high, `-` of low priority. */
const nextTurns = (ids: readonly string[], ...others: Tail<Parameters<typeof nextOf>>) =>
  nextOf(
    ids.map((id) => ({
      id,
      workspaceId: id.includes('/') ? (id.split('/')[0] ?? '') : 'one',
      priority: id.endsWith('+') ? 'high' : id.endsWith('-') ? 'low' : 'normal',
    })),
    ...others,
  )

type Tail<List extends readonly unknown[]> = List extends [unknown, ...infer Rest] ? Rest : never

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

  it('are shared by workspaces, however many runs each has', () => {
    const many = Array.from({ length: 1000 }, (_, number) => `many/${number}`)
    expect(nextTurns([...many, 'few/1'], turns({}), 2, 0).begin).toEqual(['many/0', 'few/1'])
    // The only run of one workspace keeps its turn; those of the other one take turns among themselves.
    const both = turns({ 'many/0': 0, 'few/1': 0 })
    expect(nextTurns([...many, 'few/1'], both, 2, 50_000)).toEqual({ begin: ['many/1'], end: ['many/0'] })
    const taken = turns({ 'many/0': 0, 'many/1': 1000 })
    expect(nextTurns([...many, 'few/1'], taken, 2, 50_000)).toEqual({
      begin: ['few/1', 'many/2'],
      end: ['many/0', 'many/1'],
    })
  })

  it('come round to every workspace where there are more of them than turns', () => {
    const running = ['a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'd/1']
    const had = simulate(running, 2, 400_000)
    const seconds = (workspace: string): number => sumOf(running, had, workspace)
    for (const id of running) expect(had.get(id), id).toBeGreaterThan(0)
    for (const one of ['a', 'b', 'c', 'd']) {
      expect(seconds(one)).toBeGreaterThan(150)
      expect(seconds(one)).toBeLessThan(250)
    }
  })

  it('are first for a higher priority, inside a workspace alone', () => {
    expect(nextTurns(['a-', 'b', 'c+', 'd+'], turns({}), 3, 0).begin).toEqual(['c+', 'd+', 'b'])
    expect(nextTurns(['a-', 'b', 'c+'], turns({}, { 'c+': 5000 }), 1, 6000).begin).toEqual(['c+'])
    expect(nextTurns(['a/1-', 'a/2', 'b/1+', 'b/2+', 'b/3+'], turns({}), 2, 0).begin).toEqual(['a/2', 'b/1+'])
  })

  it('end for an equal or a higher priority of the same workspace, the lowest first, and for no lower one', () => {
    expect(nextTurns(['a', 'b+', 'c'], turns({ a: 1000, 'b+': 0 }), 2, 50_000)).toEqual({
      begin: ['c'],
      end: ['a'],
    })
    expect(nextTurns(['a+', 'b+', 'c'], turns({ 'a+': 0, 'b+': 0 }), 2, 50_000)).toEqual({
      begin: [],
      end: [],
    })
    expect(nextTurns(['a', 'b-', 'c+'], turns({ a: 0, 'b-': 1000 }), 2, 50_000)).toEqual({
      begin: ['c+'],
      end: ['b-'],
    })
    expect(nextTurns(['a-', 'c+'], turns({ 'a-': 0 }), 1, 9999)).toEqual({ begin: [], end: [] })
  })

  it('are shared by workspaces whatever the priorities of their runs', () => {
    const running = ['a/1-', 'a/2-', 'b/1+', 'b/2+', 'b/3']
    const had = simulate(running, 2, 200_000)
    const seconds = (workspace: string): number => sumOf(running, had, workspace)
    expect(seconds('a')).toBe(200)
    expect(seconds('b')).toBe(200)
    expect(had.get('a/1-')).toBeGreaterThan(80)
    expect(had.get('a/2-')).toBeGreaterThan(80)
    expect(had.get('b/1+')).toBeGreaterThan(80)
    expect(had.get('b/3')).toBeUndefined()
  })

  it('never leave a higher priority of a workspace waiting beside a lower one for longer than a turn', () => {
    const run = fc.record({
      workspace: fc.constantFrom('a', 'b', 'c'),
      mark: fc.constantFrom('', '+', '-'),
    })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (runs, atOnce) => {
        const running = runs.map(({ workspace, mark }, number) => `${workspace}/${number}${mark}`)
        simulate(running, atOnce, 60_000, (current, nowMs) => {
          expect(current.size).toBe(Math.min(atOnce, running.length))
          for (const id of running.filter((one) => !current.has(one))) {
            for (const [other, sinceMs] of current) {
              if (other[0] !== id[0] || rank(other) >= rank(id)) continue
              expect(nowMs - sinceMs, `${id} waits beside ${other}`).toBeLessThan(10_000)
            }
          }
        })
      }),
    )
  })
})

const rank = (id: string): number => (id.endsWith('+') ? 2 : id.endsWith('-') ? 0 : 1)

function sumOf(running: readonly string[], had: ReadonlyMap<string, number>, workspace: string): number {
  return running.filter((id) => id.startsWith(workspace)).reduce((sum, id) => sum + (had.get(id) ?? 0), 0)
}

/** How many seconds each had its turn, where the runs go on for so long. */
function simulate(
  running: readonly string[],
  atOnce: number,
  ms: number,
  look: (current: ReadonlyMap<string, number>, nowMs: number) => void = () => {},
): ReadonlyMap<string, number> {
  const [current, ended] = [new Map<string, number>(), new Map<string, number>()]
  const had = new Map<string, number>()
  for (let nowMs = 0; nowMs < ms; nowMs += 1000) {
    const next = nextTurns(running, { current, ended }, atOnce, nowMs)
    for (const id of next.end) {
      current.delete(id)
      ended.set(id, nowMs)
    }
    for (const id of next.begin) current.set(id, nowMs)
    for (const id of current.keys()) had.set(id, (had.get(id) ?? 0) + 1)
    look(current, nowMs)
  }
  return had
}
