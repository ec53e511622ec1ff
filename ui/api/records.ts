import { queryOptions } from '@tanstack/react-query'
import { type Rows, rowsPerPage } from '../components/virtual-table.tsx'
import { api, taken } from './client.ts'
import type { DatasetRecord } from './shapes.ts'

/** A page of a dataset's records, in the order in which they were added. */
export function recordsQuery(datasetId: string, page: number) {
  return queryOptions({
    queryKey: ['records', 'of-dataset', datasetId, page],
    queryFn: async ({ signal }): Promise<Rows<DatasetRecord>> => {
      const query = { page: String(page), page_size: String(rowsPerPage) }
      const params = { path: { dataset_id: datasetId }, query }
      const call = api.GET('/v1/observability/datasets/{dataset_id}/records', { params, signal })
      return (await taken(call)).records as Rows<DatasetRecord>
    },
    staleTime: 30_000,
  })
}

export function recordQuery(recordId: string) {
  return queryOptions({
    queryKey: ['records', 'one', recordId],
    queryFn: async ({ signal }): Promise<DatasetRecord> => {
      const path = { dataset_record_id: recordId }
      const call = api.GET('/v1/observability/dataset-records/{dataset_record_id}', {
        params: { path },
        signal,
      })
      return (await taken(call)) as DatasetRecord
    },
  })
}

type Payload = { readonly messages: Record<string, never>[] }

/** What can be written of a record. */
export interface RecordContent {
  readonly payload: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
}

/** @throws ApiError */
export async function addRecord(datasetId: string, { payload, properties }: RecordContent): Promise<string> {
  const call = api.POST('/v1/observability/datasets/{dataset_id}/records', {
    params: { path: { dataset_id: datasetId } },
    body: { payload: payload as Payload, properties },
  })
  return (await taken(call)).id
}

/** Changes what is given. @throws ApiError */
export async function changeRecord(
  recordId: string,
  { payload, properties }: Partial<RecordContent>,
): Promise<void> {
  const params = { path: { dataset_record_id: recordId } }
  if (payload !== undefined) {
    const body = { payload: payload as Payload }
    await taken(api.PUT('/v1/observability/dataset-records/{dataset_record_id}/payload', { params, body }))
  }
  if (properties !== undefined) {
    const path = '/v1/observability/dataset-records/{dataset_record_id}/properties'
    await taken(api.PUT(path, { params, body: { properties } }))
  }
}

/** @throws ApiError */
export async function removeRecord(recordId: string): Promise<void> {
  const params = { path: { dataset_record_id: recordId } }
  await taken(api.DELETE('/v1/observability/dataset-records/{dataset_record_id}', { params }))
}
