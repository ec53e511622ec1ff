import { describe, expect, it } from 'vitest'
import { WaitingLine } from './waiting-line.ts'

describe('a waiting line', () => {
  const never = new AbortController().signal

  it('lets in whoever came first, while there is room for the first', async () => {
    const line = new WaitingLine<number>()
    const entered: number[] = []
    const waiting = [1, 5, 1].map((wish, index) => line.wait(wish, never).then(() => entered.push(index)))
    let room = 3
    const takeRoom = (wish: number): boolean => {
      if (wish > room) return false
      room -= wish
      return true
    }
    line.letIn(takeRoom)
    await waiting[0]
    expect([entered, line.length, [...line]]).toEqual([[0], 2, [5, 1]])
    room = 6
    line.letIn(takeRoom)
    await Promise.all(waiting)
    expect([entered, line.length, room]).toEqual([[0, 1, 2], 0, 0])
  })

  it('is left by whoever is aborted, before or while it waits, and by nobody else', async () => {
    const line = new WaitingLine<string>()
    const leaving = new AbortController()
    const stays = line.wait('stays', never)
    const leaves = line.wait('leaves', leaving.signal, () => new Error('It took too long.'))
    leaving.abort(new Error('It is over.'))
    await expect(leaves).rejects.toThrow('It took too long.')
    await expect(line.wait('late', leaving.signal)).rejects.toThrow('It is over.')
    expect([...line]).toEqual(['stays'])
    line.letIn(() => true)
    await stays
    expect(line.length).toBe(0)
  })
})
