import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAround } from './find-around.ts'

const pageSize = 10

function listOf(itemNumbers: readonly number[]) {
  const reads: number[] = []
  const readPage = async (page: number) => {
    reads.push(page)
    const shown = itemNumbers.slice((page - 1) * pageSize, page * pageSize)
    return {
      count: itemNumbers.length,
      results: shown.map((number) => ({ id: `${number}`, item_number: number })),
    }
  }
  return { reads, readPage }
}

describe('the judgments around one', () => {
  it('are found in lists of any length with any gaps', async () => {
    const lists = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 120 })
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(), async (numbers, choice) => {
        const sorted = numbers.toSorted((one, other) => one - other)
        const place = choice % sorted.length
        const around = await findAround(listOf(sorted).readPage, sorted[place] ?? 0, pageSize)
        expect(around).toEqual({
          previous: sorted[place - 1]?.toString(),
          next: sorted[place + 1]?.toString(),
        })
      }),
    )
  })

  it('are looked for on one page where nothing is left out', async () => {
    const { reads, readPage } = listOf(Array.from({ length: 10_000 }, (_, index) => index + 1))
    expect(await findAround(readPage, 7_005, pageSize)).toEqual({ previous: '7004', next: '7006' })
    expect(reads).toEqual([701])
  })

  it('are looked for on few pages of many', async () => {
    const { reads, readPage } = listOf(Array.from({ length: 5_000 }, (_, index) => (index + 1) * 7))
    expect(await findAround(readPage, 7_700, pageSize)).toEqual({ previous: '7693', next: '7707' })
    expect(reads.length).toBeLessThan(14)
  })

  it('are none where the list does not have it', async () => {
    const none = { previous: undefined, next: undefined }
    expect(await findAround(listOf([1, 3, 5]).readPage, 4, pageSize)).toEqual(none)
    expect(await findAround(listOf([]).readPage, 4, pageSize)).toEqual(none)
  })
})
