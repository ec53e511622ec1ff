import { z } from 'zod'
import { text } from '../judges/definition-document.ts'

const firstPages = 'expected one whole number from 1'
const pageSizes = 'expected one whole number from 0 to 100'

/** `page` and `page_size` of a query. */
export const pageQuery = {
  page: z
    .string(firstPages)
    .regex(/^0*[1-9]\d{0,8}$/, firstPages)
    .transform(Number)
    .default(1),
  page_size: z
    .string(pageSizes)
    .regex(/^0*(?:100|\d{1,2})$/, pageSizes)
    .transform(Number)
    .default(50),
}

export const searchText = text(0, 1000)

/** A parameter that may be repeated; to say a value twice is to say it once. */
export const anyOf = <Item extends z.ZodType>(item: Item) =>
  z
    .preprocess(
      (value) => (Array.isArray(value) ? value : [value]),
      z.array(item).max(100, 'expected at most 100 values, found more'),
    )
    .transform((values) => [...new Set(values)])
    .optional()

/** One page of results, and where its neighbours are. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    results: z.array(item),
    count: z.int().describe('How many there are on all pages together.'),
    next: z.string().nullable().describe('The path of the next page.'),
    previous: z.string().nullable().describe('The path of the page before.'),
  })
}

/** The paths of the pages beside this one: the same query with another `page`; null where there is none. */
export function neighbours(
  url: string,
  { page, pageSize, count }: { page: number; pageSize: number; count: number },
): { next: string | null; previous: string | null } {
  const lastPage = pageSize === 0 ? page : Math.max(1, Math.ceil(count / pageSize))
  return {
    next: page < lastPage ? pathOfPage(url, page + 1) : null,
    previous: page > 1 ? pathOfPage(url, Math.min(page - 1, lastPage)) : null,
  }
}

function pathOfPage(url: string, page: number): string {
  const [path = '', query = ''] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  parameters.set('page', String(page))
  return `${path}?${parameters}`
}
