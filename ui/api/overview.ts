import { queryOptions } from '@tanstack/react-query'
import { api, taken } from './client.ts'
import type { Overview } from './openapi.ts'

export type { Overview }

/** How the workspace does: what runs, what was judged by day, and what fails. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: async ({ signal }): Promise<Overview> => {
    const call = api.GET('/v1/observability/overview', { signal })
    return (await taken(call)).overview as Overview
  },
})
