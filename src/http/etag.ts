import { z } from 'zod'
import type { IsExpected } from '../judges/judges.ts'

export const ifMatch = z.object({
  'if-match': z.string().optional().describe('The ETag of the revision that the change is meant for.'),
})

/** The revision's id is its tag: a judge's content changes with its latest revision and never otherwise. */
export function tagOf(revisionId: string): string {
  return `"${revisionId}"`
}

/** Weak tags never match here, as RFC 9110 has it for If-Match. */
export function expectationOf(header: string | undefined): IsExpected | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const tags = header.split(',').map((tag) => tag.trim())
  return (latestRevisionId) => tags.includes(tagOf(latestRevisionId))
}
