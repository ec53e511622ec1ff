import { describe, expect, it } from 'vitest'
import { exampleJudges } from '../judges/example-judges.ts'
import { readListing } from './judges-source.ts'

const [example] = exampleJudges('m')

function judgesTo(count: number) {
  return Array.from({ length: count }, (_, number) => ({
    id: `id ${number}`,
    workspaceId: 'w',
    updatedAt: new Date(0),
    definition: { ...example, name: `Judge ${String(number).padStart(3, '0')}` },
  }))
}

describe('readListing', () => {
  it('reads all pages, by name', async () => {
    const all = judgesTo(250).reverse()
    const { judges, workspaceId } = await readListing(async (page, size) => ({
      judges: all.slice((page - 1) * size, page * size),
      count: all.length,
    }))
    expect(judges).toEqual([...all].reverse())
    expect(workspaceId).toBe('w')
    expect(await readListing(async () => ({ judges: [], count: 0 }))).toEqual({
      judges: [],
      workspaceId: undefined,
    })
  })

  it('misses no judge when others are deleted and made between pages', async () => {
    let all = judgesTo(250)
    let pages = 0
    const { judges } = await readListing(async (page, size) => {
      const answer = { judges: all.slice((page - 1) * size, page * size), count: all.length }
      pages += 1
      if (pages === 1) all = all.slice(1)
      if (pages === 4) all = [{ ...(all[0] as (typeof all)[number]), id: 'new' }, ...all]
      return answer
    })
    const missing = all.filter(({ id }) => id !== 'new' && !judges.some((judge) => judge.id === id))
    expect(missing).toEqual([])
  })
})
