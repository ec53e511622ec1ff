import { queryOptions } from '@tanstack/react-query'
import { type Rows, rowsPerPage } from '../components/virtual-table.tsx'
import { ApiError } from './api-error.ts'
import { api, taken } from './client.ts'
import type { ColumnMappingInput, ImportRefusal } from './openapi.ts'
import type { ImportTask } from './shapes.ts'

export interface Upload {
  readonly datasetId: string
  readonly file: File
  readonly mapping: ColumnMappingInput | undefined
  /** Told of the share that is sent, from 0 to 1. */
  readonly onProgress: (share: number) => void
}

/**
 * Sends a file to be imported, and gives the task that imports it. Not by `fetch`, which tells nobody how far it is.
 * @throws ApiError
 */
export function uploadFile({ datasetId, file, mapping, onProgress }: Upload): Promise<ImportTask> {
  const form = new FormData()
  if (mapping !== undefined) form.append('mapping', JSON.stringify(mapping))
  form.append('file', file)
  const request = new XMLHttpRequest()
  request.open('POST', `/v1/observability/datasets/${datasetId}/imports/upload`)
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    onProgress(total === 0 ? 1 : loaded / total),
  )
  const answered = Promise.withResolvers<ImportTask>()
  request.addEventListener('error', () => answered.reject(ApiError.unreachable(undefined)))
  request.addEventListener('load', () => {
    const response = new Response(null, { status: request.status })
    const body = JSON.parse(request.responseText || 'null')
    if (response.ok) answered.resolve(body)
    else answered.reject(ApiError.answered(response, body))
  })
  request.send(form)
  return answered.promise
}

const seenEveryMs = 700

/** An import as it stands, asked for until it is over. */
export function importTaskQuery(datasetId: string, taskId: string) {
  return queryOptions({
    queryKey: ['imports', taskId],
    queryFn: ({ signal }): Promise<ImportTask> => {
      const path = { dataset_id: datasetId, task_id: taskId }
      return taken(
        api.GET('/v1/observability/datasets/{dataset_id}/tasks/{task_id}', { params: { path }, signal }),
      )
    },
    refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' ? seenEveryMs : false),
  })
}

/** A page of the lines of an import that became no record, and why. */
export function refusalsQuery(datasetId: string, taskId: string, page: number) {
  return queryOptions({
    queryKey: ['imports', taskId, 'refusals', page],
    queryFn: async ({ signal }): Promise<Rows<ImportRefusal>> => {
      const path = { dataset_id: datasetId, task_id: taskId }
      const query = { page: String(page), page_size: String(rowsPerPage) }
      const call = api.GET('/v1/observability/datasets/{dataset_id}/tasks/{task_id}/refusals', {
        params: { path, query },
        signal,
      })
      return (await taken(call)).refusals
    },
  })
}
