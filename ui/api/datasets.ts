import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, taken } from './client.ts'
import type { Dataset } from './shapes.ts'

export const datasetsPerPage = 20

export function datasetsQuery(q: string | undefined, page = 1, pageSize = datasetsPerPage) {
  const query = { page: String(page), page_size: String(pageSize), ...(q && { q }) }
  return queryOptions({
    queryKey: ['datasets', 'list', query],
    queryFn: async ({ signal }) =>
      (await taken(api.GET('/v1/observability/datasets', { params: { query }, signal }))).datasets,
    placeholderData: keepPreviousData,
  })
}

export function datasetQuery(datasetId: string) {
  return queryOptions({
    queryKey: ['datasets', 'one', datasetId],
    queryFn: ({ signal }) =>
      taken(
        api.GET('/v1/observability/datasets/{dataset_id}', {
          params: { path: { dataset_id: datasetId } },
          signal,
        }),
      ),
  })
}

/** How many records a dataset has. */
export function recordCountQuery(datasetId: string) {
  return queryOptions({
    queryKey: ['datasets', 'count', datasetId],
    queryFn: async ({ signal }) => {
      const params = { path: { dataset_id: datasetId }, query: { page_size: '0' } }
      const call = api.GET('/v1/observability/datasets/{dataset_id}/records', { params, signal })
      return (await taken(call)).records.count
    },
    staleTime: 10_000,
  })
}

/** @throws ApiError */
export function createDataset(name: string, description: string): Promise<Dataset> {
  return taken(api.POST('/v1/observability/datasets', { body: { name, description } }))
}

/** @throws ApiError */
export async function changeDataset(
  datasetId: string,
  change: { name: string; description: string },
): Promise<void> {
  const path = { dataset_id: datasetId }
  await taken(api.PATCH('/v1/observability/datasets/{dataset_id}', { params: { path }, body: change }))
}

/** @throws ApiError */
export async function removeDataset(datasetId: string): Promise<void> {
  const path = { dataset_id: datasetId }
  await taken(api.DELETE('/v1/observability/datasets/{dataset_id}', { params: { path } }))
}
