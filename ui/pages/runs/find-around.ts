interface Placed {
  readonly id: string
  /** The record's place in the run, from 1. */
  readonly item_number: number | null
}

interface Page {
  readonly count: number
  readonly results: readonly Placed[]
}

export interface Around {
  readonly previous: string | undefined
  readonly next: string | undefined
}

/**
 * The judgments before and after one, among those of a list in the order of the run. Pages are halved until the one that it is on is
 * found, since filters and records that are not judged yet move it forward.
 * @param readPage gives a page of the list, from 1
 * @returns neither where the list does not have it
 */
export async function findAround(
  readPage: (page: number) => Promise<Page>,
  itemNumber: number,
  pageSize: number,
): Promise<Around> {
  let [low, high] = [1, pageOf(itemNumber, pageSize)]
  let page = high
  while (low <= high) {
    const { count, results } = await readPage(page)
    const place = results.findIndex(({ item_number: number }) => number === itemNumber)
    if (place !== -1) {
      const isLast = (page - 1) * pageSize + place + 1 >= count
      const before = place === 0 && page > 1 ? (await readPage(page - 1)).results.at(-1) : results[place - 1]
      const after =
        place === results.length - 1 && !isLast ? (await readPage(page + 1)).results[0] : results[place + 1]
      return { previous: before?.id, next: after?.id }
    }
    if ((results.at(-1)?.item_number ?? Number.POSITIVE_INFINITY) < itemNumber) low = page + 1
    else high = Math.min(page - 1, pageOf(count, pageSize))
    page = Math.floor((low + high) / 2)
  }
  return { previous: undefined, next: undefined }
}

function pageOf(place: number, pageSize: number): number {
  return Math.floor((place - 1) / pageSize) + 1
}
