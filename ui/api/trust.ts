import { queryOptions } from '@tanstack/react-query'
import { api, taken } from './client.ts'
import type { LabelQueue } from './openapi.ts'
import type { Agreement } from './shapes.ts'

export function agreementQuery(runId: string) {
  return queryOptions({
    queryKey: ['trust', 'agreement', runId],
    queryFn: async ({ signal }): Promise<Agreement> => {
      const params = { path: { run_id: runId } }
      return (await taken(
        api.GET('/v1/observability/runs/{run_id}/agreement', { params, signal }),
      )) as Agreement
    },
  })
}

/** What people and judge said of the same records. */
export function labelPairsQuery(runId: string) {
  return queryOptions({
    queryKey: ['trust', 'pairs', runId],
    queryFn: ({ signal }) => {
      const params = { path: { run_id: runId } }
      return taken(api.GET('/v1/observability/runs/{run_id}/label-pairs', { params, signal }))
    },
  })
}

/**
 * The records to label next.
 * @param width of the interval that is wanted, to tell how many more labels bring it there
 */
export function labelQueueQuery(runId: string, count: number, width: number | undefined) {
  return queryOptions({
    queryKey: ['trust', 'queue', runId, count, width],
    queryFn: async ({ signal }): Promise<LabelQueue> => {
      const query = { n: count, ...(width !== undefined && { width }) }
      const params = { path: { run_id: runId }, query }
      return (await taken(
        api.GET('/v1/observability/runs/{run_id}/label-queue', { params, signal }),
      )) as LabelQueue
    },
  })
}
