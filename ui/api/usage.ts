import { queryOptions } from '@tanstack/react-query'
import { dayText } from '../day-text.ts'
import { api, taken } from './client.ts'
import type { Usage } from './openapi.ts'

export type UsageGroup = Usage['group_by'][number]
export type UsageRow = Usage['results'][number]

const dayMs = 86_400_000

/** What the workspace's judges used in the last days, today included, by what it is grouped. */
export function usageQuery(days: number, groups: readonly UsageGroup[]) {
  const to = dayText(Date.now())
  const from = dayText(Date.now() - (days - 1) * dayMs)
  return queryOptions({
    queryKey: ['usage', from, to, groups],
    queryFn: async ({ signal }): Promise<Usage> => {
      const query = { from, to, group_by: [...groups] }
      return (await taken(api.GET('/v1/observability/usage', { params: { query }, signal }))).usage as Usage
    },
    staleTime: 20_000,
  })
}
