import { queryOptions } from '@tanstack/react-query'
import { type Rows, rowsPerPage } from '../components/virtual-table.tsx'
import { api, taken } from './client.ts'
import type { JudgmentRecord, JudgmentWithConversation, Material, Output } from './shapes.ts'

export function judgmentQuery(judgeId: string, judgmentId: string) {
  return queryOptions({
    queryKey: ['judgments', 'one', judgmentId],
    queryFn: async ({ signal }): Promise<JudgmentWithConversation> => {
      const path = { judge_id: judgeId, judgment_id: judgmentId }
      const call = api.GET('/v1/observability/judges/{judge_id}/judgments/{judgment_id}', {
        params: { path },
        signal,
      })
      return (await taken(call)) as JudgmentWithConversation
    },
  })
}

/** A page of a judge's judgments, newest first. */
export function judgeJudgmentsQuery(judgeId: string, page: number) {
  return queryOptions({
    queryKey: ['judgments', 'of-judge', judgeId, page],
    queryFn: async ({ signal }): Promise<Rows<JudgmentRecord>> => {
      const query = { page: String(page), page_size: String(rowsPerPage) }
      const params = { path: { judge_id: judgeId }, query }
      const call = api.GET('/v1/observability/judges/{judge_id}/judgments', { params, signal })
      return (await taken(call)).judgments
    },
  })
}

/** What a judgment's revision answers with: judgments keep to it whatever the judge became. */
export function outputQuery(revisionId: string) {
  return queryOptions({
    queryKey: ['judges', 'output', revisionId],
    queryFn: async ({ signal }): Promise<Output> => {
      const call = api.GET('/v1/observability/judges/{judge_id}', {
        params: { path: { judge_id: revisionId } },
        signal,
      })
      return (await taken(call)).output
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}

/** A record's conversation, for judgments that keep none of their own. */
export function recordMaterialQuery(recordId: string) {
  return queryOptions({
    queryKey: ['records', 'material', recordId],
    queryFn: async ({ signal }): Promise<Material> => {
      const path = { dataset_record_id: recordId }
      const call = api.GET('/v1/observability/dataset-records/{dataset_record_id}', {
        params: { path },
        signal,
      })
      const { payload, properties } = await taken(call)
      return { messages: payload.messages, properties }
    },
    staleTime: 60_000,
  })
}
