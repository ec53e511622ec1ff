import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Dataset } from '../datasets/dataset.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Access } from './authenticate.ts'
import { datasetParams, datasetsPath } from './datasets.ts'
import { hasToken, originOf } from './link-requests.ts'
import { answers, type Server } from './server.ts'

/** A dataset's records as lines of JSON, a few at a time, read when they are asked for. */
export type ExportRecords = (dataset: Dataset) => AsyncIterable<string>

interface ExportsServices {
  readonly access: Access
  readonly datasets: Datasets
  readonly exportRecords: ExportRecords
}

const exportQuery = z.object({
  token: z
    .string('expected one token')
    .optional()
    .describe('Of a link that exports/to-jsonl gave, instead of a key.'),
})

export function registerExports(server: Server, { access, datasets, exportRecords }: ExportsServices): void {
  server.get(
    `${datasetsPath}/:dataset_id/exports/to-jsonl`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'exportToJsonl',
        summary: "Make a link that leads to a dataset's records, without a key, for an hour",
        tags: ['datasets'],
        params: datasetParams,
        response: { 200: z.object({ file_url: z.url() }), ...answers(404) },
      },
    },
    async function exportToJsonl(request) {
      const { dataset_id: id } = request.params
      const origin = originOf(request)
      const token = await datasets.makeLink(access.callerOf(request), id)
      return { file_url: `${origin}${datasetsPath}/${id}/exports/records.jsonl?token=${token}` }
    },
  )

  const requiresKey = access.requires('read')
  server.get(
    `${datasetsPath}/:dataset_id/exports/records.jsonl`,
    {
      onRequest: async (request) => {
        if (!hasToken(request)) await requiresKey(request)
      },
      schema: {
        operationId: 'downloadRecords',
        summary: "Download a dataset's records as lines of JSON, in the order in which they were added",
        tags: ['datasets'],
        params: datasetParams,
        querystring: exportQuery,
        response: {
          200: { description: 'The records', content: { 'application/jsonl': { schema: z.string() } } },
          ...answers(404),
        },
      },
    },
    async function downloadRecords(request, reply) {
      const { dataset_id: id } = request.params
      const { token } = request.query
      const dataset =
        token === undefined
          ? await datasets.find(access.callerOf(request), id)
          : await datasets.followLink(id, token)
      return reply
        .header('content-type', 'application/jsonl; charset=utf-8')
        .header('content-disposition', `attachment; filename="${dataset.id}.jsonl"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(exportRecords(dataset), { highWaterMark: 1 }))
    },
  )
}
