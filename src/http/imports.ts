import { z } from 'zod'
import type { Datasets } from '../datasets/datasets.ts'
import type { Imports } from '../datasets/imports.ts'
import { AssizeError } from '../errors.ts'
import type { Access } from './authenticate.ts'
import { datasetParams, datasetsPath } from './datasets.ts'
import { uuid } from './ids.ts'
import { formatBody, mappingBody, showTask, taskBody, toHowToRead } from './import-body.ts'
import { answers, type Server } from './server.ts'

const fromFile = z
  .object({ file_id: uuid, format: formatBody.nullish(), mapping: mappingBody.nullish() })
  .meta({ id: 'ImportFromFile' })

const fromRecords = z
  .object({ dataset_record_ids: z.array(uuid).min(1).max(100_000) })
  .meta({ id: 'ImportFromRecords' })

const fromPlayground = z
  .object({ conversation_ids: z.array(z.string()) })
  .meta({ id: 'ImportFromPlayground' })

interface ImportsServices {
  readonly access: Access
  readonly datasets: Datasets
  readonly imports: Imports
}

/** What begins an import by JSON; `import-upload.ts` has the one by a file. */
export function registerImports(server: Server, { access, datasets, imports }: ImportsServices): void {
  server.post(
    `${datasetsPath}/:dataset_id/imports/from-file`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'importFromFile',
        summary: 'Import a file that was uploaded to /v1/files',
        tags: ['imports'],
        params: datasetParams,
        body: fromFile,
        response: { 202: taskBody, ...answers(404) },
      },
    },
    async function importFromFile(request, reply) {
      const { file_id: fileId, format, mapping } = request.body
      const how = toHowToRead(format, mapping)
      const caller = access.callerOf(request)
      const task = await imports.fromFile(caller, request.params.dataset_id, fileId, how)
      return reply.status(202).send(showTask(task))
    },
  )

  server.post(
    `${datasetsPath}/:dataset_id/imports/from-dataset`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'importFromDataset',
        summary: 'Copy records of other datasets, or of the same',
        tags: ['imports'],
        params: datasetParams,
        body: fromRecords,
        response: { 202: taskBody, ...answers(404) },
      },
    },
    async function importFromDataset(request, reply) {
      const { dataset_record_ids: ids } = request.body
      const task = await imports.fromRecords(access.callerOf(request), request.params.dataset_id, ids)
      return reply.status(202).send(showTask(task))
    },
  )

  server.post(
    `${datasetsPath}/:dataset_id/imports/from-playground`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'importFromPlayground',
        summary: 'Not supported: there is no playground here',
        tags: ['imports'],
        params: datasetParams,
        body: fromPlayground,
        response: answers(400, 404),
      },
    },
    async function importFromPlayground(request) {
      await datasets.find(access.callerOf(request), request.params.dataset_id)
      throw new AssizeError(
        'feature_not_supported',
        'This server has no playground to import from; expected a file with conversations (imports/upload, or /v1/files and imports/from-file) or records of a dataset (imports/from-dataset).',
      )
    },
  )
}
