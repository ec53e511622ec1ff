import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, taken } from './client.ts'
import type { NewRunInput, RunComparison } from './openapi.ts'
import type { Run } from './shapes.ts'

export const runsPerPage = 20

export const runStates = ['running', 'completed', 'cancelled', 'capped', 'failed'] as const
export type RunState = (typeof runStates)[number]

export interface RunsAsked {
  readonly judge?: string
  readonly dataset?: string
  readonly state?: RunState
  readonly page?: number
}

export function runsQuery({ judge, dataset, state, page = 1 }: RunsAsked, pageSize = runsPerPage) {
  const query = {
    page: String(page),
    page_size: String(pageSize),
    ...(judge && { judge_id: judge }),
    ...(dataset && { dataset_id: dataset }),
    ...(state && { state: [state] }),
  }
  return queryOptions({
    queryKey: ['runs', 'list', query],
    queryFn: async ({ signal }) =>
      (await taken(api.GET('/v1/observability/runs', { params: { query }, signal }))).runs,
    placeholderData: keepPreviousData,
  })
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ['runs', 'one', runId],
    queryFn: ({ signal }) =>
      taken(api.GET('/v1/observability/runs/{run_id}', { params: { path: { run_id: runId } }, signal })),
  })
}

export function runAnswersQuery(runId: string) {
  return queryOptions({
    queryKey: ['runs', 'answers', runId],
    queryFn: async ({ signal }) =>
      (
        await taken(
          api.GET('/v1/observability/runs/{run_id}/answers', { params: { path: { run_id: runId } }, signal }),
        )
      ).answers,
  })
}

export function comparisonQuery(runId: string, otherId: string) {
  return queryOptions({
    queryKey: ['runs', 'comparison', runId, otherId],
    queryFn: async ({ signal }): Promise<RunComparison> => {
      const params = { path: { run_id: runId }, query: { with: otherId } }
      const call = api.GET('/v1/observability/runs/{run_id}/comparison', { params, signal })
      return (await taken(call)) as RunComparison
    },
  })
}

/** @throws ApiError */
export function createRun(asked: NewRunInput): Promise<Run> {
  return taken(api.POST('/v1/observability/runs', { body: asked }))
}

/** @throws ApiError */
export async function cancelRun(runId: string): Promise<void> {
  await taken(api.POST('/v1/observability/runs/{run_id}/cancel', { params: { path: { run_id: runId } } }))
}

/** Goes on with what is left. @throws ApiError */
export async function resumeRun(runId: string): Promise<void> {
  await taken(
    api.POST('/v1/observability/runs/{run_id}/resume', { params: { path: { run_id: runId } }, body: {} }),
  )
}

/** Judges again what has no answer. @throws ApiError */
export async function retryRun(runId: string): Promise<void> {
  await taken(
    api.POST('/v1/observability/runs/{run_id}/retry', { params: { path: { run_id: runId } }, body: {} }),
  )
}
