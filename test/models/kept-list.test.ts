import { describe, expect, it } from 'vitest'
import { KeptList } from '../../src/models/kept-list.ts'

const never = new AbortController().signal

describe('a kept list', () => {
  it('is asked for anew after five minutes', async () => {
    let nowMs = 0
    let asked = 0
    const list = new KeptList(
      async () => [++asked],
      () => nowMs,
    )
    expect(await list.get(never)).toEqual([1])
    nowMs = 299_999
    expect(await list.get(never)).toEqual([1])
    nowMs = 300_000
    expect(await list.get(never)).toEqual([2])
  })

  it('stays as it last was while it can not be got, and is not asked for by every caller', async () => {
    let nowMs = 0
    let asked = 0
    const list = new KeptList(
      async () => {
        asked += 1
        if (asked === 2) throw new Error('down')
        return [asked]
      },
      () => nowMs,
    )
    await list.get(never)
    nowMs = 300_000
    expect(await list.get(never)).toEqual([1])
    expect(await list.get(never)).toEqual([1])
    expect(asked).toBe(2)
    nowMs = 330_000
    expect(await list.get(never)).toEqual([3])
  })

  it('is undefined where it never was got', async () => {
    const list = new KeptList(async () => {
      throw new Error('down')
    })
    expect(await list.get(never)).toBeUndefined()
  })

  it('is not asked for on behalf of one who left', async () => {
    let asked = 0
    const list = new KeptList(async () => [++asked])
    await expect(list.get(AbortSignal.abort(new Error('left')))).rejects.toThrow('left')
    expect(asked).toBe(0)
  })
})
