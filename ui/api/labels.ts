import { queryOptions } from '@tanstack/react-query'
import { api, taken } from './client.ts'
import type { Answer } from './shapes.ts'

/** What people said of a record, as answers of this judge. */
export function labelsQuery(recordId: string, judgeId: string) {
  return queryOptions({
    queryKey: ['labels', recordId, judgeId],
    queryFn: async ({ signal }) => {
      const params = {
        path: { dataset_record_id: recordId },
        query: { judge_id: judgeId, page_size: '100' },
      }
      const call = api.GET('/v1/observability/dataset-records/{dataset_record_id}/labels', { params, signal })
      return (await taken(call)).labels.results
    },
  })
}

export interface NewLabel {
  readonly recordId: string
  /** A judge's id, or a revision's. */
  readonly judgeId: string
  /** Null: it can't be told. */
  readonly value: Answer | null
  readonly author: string
}

/** Puts a label; one of the same author is replaced. Gives its id. @throws ApiError */
export async function putLabel({ recordId, judgeId, value, author }: NewLabel): Promise<string> {
  const call = api.POST('/v1/observability/dataset-records/{dataset_record_id}/labels', {
    params: { path: { dataset_record_id: recordId } },
    body: { judge_id: judgeId, value, author },
  })
  return (await taken(call)).id
}

/** @throws ApiError */
export async function removeLabel(recordId: string, labelId: string): Promise<void> {
  await taken(
    api.DELETE('/v1/observability/dataset-records/{dataset_record_id}/labels/{label_id}', {
      params: { path: { dataset_record_id: recordId, label_id: labelId } },
    }),
  )
}
