import { z } from 'zod'
import { comparisonDocument, flipDocument } from '../agreement/comparison-document.ts'
import type { RunComparisons } from '../agreement/run-comparisons.ts'
import type { Access } from './authenticate.ts'
import { comparisonBody, flipBody } from './comparison-body.ts'
import { uuid } from './ids.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { runsPath, showRun } from './runs.ts'
import { answers, type Server } from './server.ts'

const comparisonParams = z.object({ run_id: uuid.describe('The first run.') })
const otherRun = uuid.describe('The second run. Differences are the second less the first.')
const mostFlips = 'expected one whole number from 0 to 100'

const comparisonQuery = z.object({
  with: otherRun,
  flips: z
    .string(mostFlips)
    .regex(/^0*(?:100|\d{1,2})$/, mostFlips)
    .transform(Number)
    .default(20)
    .describe('How many of the records that were answered differently to show.'),
})

interface ComparisonServices {
  readonly access: Access
  readonly comparisons: RunComparisons
}

const path = `${runsPath}/:run_id/comparison`

export function registerComparison(server: Server, { access, comparisons }: ComparisonServices): void {
  server.get(
    path,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'compareRuns',
        summary: 'Compare two runs, record by record',
        tags: ['runs'],
        params: comparisonParams,
        querystring: comparisonQuery,
        response: { 200: comparisonBody, ...answers(404) },
      },
    },
    async function compareRuns(request) {
      const { with: otherId, flips } = request.query
      const caller = access.callerOf(request)
      const compared = await comparisons.compare(caller, request.params.run_id, otherId, flips)
      return {
        first: showRun(compared.first),
        second: showRun(compared.second),
        ...comparisonDocument(compared.comparison),
      }
    },
  )

  server.get(
    `${path}/flips`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listFlips',
        summary: 'List the records that two runs answered differently, in the order of the first',
        tags: ['runs'],
        params: comparisonParams,
        querystring: z.object({ with: otherRun, ...pageQuery }),
        response: { 200: z.object({ flips: pageOf(flipBody) }), ...answers(404) },
      },
    },
    async function listFlips(request) {
      const { with: otherId, page, page_size: pageSize } = request.query
      const caller = access.callerOf(request)
      const flips = await comparisons.listFlips(caller, request.params.run_id, otherId, page, pageSize)
      return {
        flips: {
          results: flips.items.map(flipDocument),
          count: flips.count,
          ...neighbours(request.url, { page, pageSize, count: flips.count }),
        },
      }
    },
  )
}
