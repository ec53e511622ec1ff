import { z } from 'zod'
import { mostRemoved, type Records } from '../datasets/records.ts'
import type { Access } from './authenticate.ts'
import { uuid } from './ids.ts'
import { payload, properties, recordParams, recordsPath } from './records.ts'
import { answers, type Server } from './server.ts'

interface ChangesServices {
  readonly access: Access
  readonly records: Records
}

export function registerRecordChanges(server: Server, services: ChangesServices): void {
  registerReplacing(server, services)
  registerDeletion(server, services)
}

function registerReplacing(server: Server, { access, records }: ChangesServices): void {
  const schema = {
    tags: ['records'],
    params: recordParams,
    response: { 204: z.null().describe('Updated'), ...answers(404) },
  }

  server.put(
    `${recordsPath}/:dataset_record_id/payload`,
    {
      onRequest: access.requires('write'),
      schema: {
        ...schema,
        operationId: 'updateRecordPayload',
        summary: "Replace a record's payload",
        body: z.object({ payload }),
      },
    },
    async function updateRecordPayload(request, reply) {
      await records.update(access.callerOf(request), request.params.dataset_record_id, request.body)
      return reply.status(204).send(null)
    },
  )

  server.put(
    `${recordsPath}/:dataset_record_id/properties`,
    {
      onRequest: access.requires('write'),
      schema: {
        ...schema,
        operationId: 'updateRecordProperties',
        summary: "Replace a record's properties",
        body: z.object({ properties }),
      },
    },
    async function updateRecordProperties(request, reply) {
      await records.update(access.callerOf(request), request.params.dataset_record_id, request.body)
      return reply.status(204).send(null)
    },
  )
}

const removedIds = z
  .array(uuid)
  .min(1, 'expected at least one id')
  .max(mostRemoved, `expected at most ${mostRemoved.toLocaleString('en')} ids, found more`)

function registerDeletion(server: Server, { access, records }: ChangesServices): void {
  server.delete(
    `${recordsPath}/:dataset_record_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteRecord',
        summary: 'Delete a record',
        tags: ['records'],
        params: recordParams,
        response: { 204: z.null().describe('Deleted'), ...answers(404) },
      },
    },
    async function deleteRecord(request, reply) {
      await records.remove(access.callerOf(request), [request.params.dataset_record_id])
      return reply.status(204).send(null)
    },
  )

  server.post(
    `${recordsPath}/bulk-delete`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteRecords',
        summary: 'Delete several records, of any datasets: all of them or, where one is unknown, none',
        tags: ['records'],
        body: z.object({ dataset_record_ids: removedIds }),
        response: { 204: z.null().describe('Deleted'), ...answers(404) },
      },
    },
    async function deleteRecords(request, reply) {
      await records.remove(access.callerOf(request), request.body.dataset_record_ids)
      return reply.status(204).send(null)
    },
  )
}
