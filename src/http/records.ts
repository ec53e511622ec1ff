import { z } from 'zod'
import { type DatasetRecord, recordSources } from '../datasets/dataset.ts'
import { mostRemoved, type Records } from '../datasets/records.ts'
import { definitionDocument, toDefinition } from '../judges/definition-document.ts'
import { answerWithJudgment, askedQuery, readAsked } from './asked-judgment.ts'
import type { Access } from './authenticate.ts'
import { datasetParams, datasetsPath } from './datasets.ts'
import { judgmentBody } from './judgment-body.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

const path = '/v1/observability/dataset-records'

const recordParams = z.object({ dataset_record_id: z.guid('expected a UUID') })

const id = z.uuid()
const timestamp = z.iso.datetime()

const payload = z
  .record(z.string(), z.unknown())
  .describe('A conversation, as chat messages in `messages`, and anything beside them.')
const properties = z
  .record(z.string(), z.unknown())
  .describe('What is known beside the payload; instructions can name it.')

const newRecord = z
  .object({
    payload,
    properties: properties.nullish(),
    source: z.enum(recordSources).default('DIRECT_INPUT').describe('How the record came to be.'),
  })
  .meta({ id: 'NewRecord' })

const recordBody = z
  .object({
    id,
    created_at: timestamp,
    updated_at: timestamp,
    deleted_at: z.null(),
    dataset_id: id,
    payload,
    properties,
    source: z.enum(recordSources),
  })
  .meta({ id: 'Record' })

function showRecord(record: DatasetRecord): z.output<typeof recordBody> {
  return {
    id: record.id,
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
    deleted_at: null,
    dataset_id: record.datasetId,
    payload: record.payload,
    properties: record.properties,
    source: record.source,
  }
}

interface RecordsServices {
  readonly access: Access
  readonly records: Records
}

export function registerRecords(server: Server, services: RecordsServices): void {
  registerOfDataset(server, services)
  registerReading(server, services)
  registerChanges(server, services)
  registerDeletion(server, services)
}

function registerOfDataset(server: Server, { access, records }: RecordsServices): void {
  server.post(
    `${datasetsPath}/:dataset_id/records`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'createRecord',
        summary: 'Add a record to a dataset',
        tags: ['records'],
        params: datasetParams,
        body: newRecord,
        response: { 201: recordBody, ...answers(404) },
      },
    },
    async function createRecord(request, reply) {
      const { source, ...content } = request.body
      const caller = access.callerOf(request)
      const record = await records.add(caller, request.params.dataset_id, content, source)
      return reply.status(201).send(showRecord(record))
    },
  )

  server.get(
    `${datasetsPath}/:dataset_id/records`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listRecords',
        summary: "List a dataset's records, in the order in which they were added",
        tags: ['records'],
        params: datasetParams,
        querystring: z.object(pageQuery),
        response: { 200: z.object({ records: pageOf(recordBody) }), ...answers(404) },
      },
    },
    async function listRecords(request) {
      const { page, page_size: pageSize } = request.query
      const caller = access.callerOf(request)
      const { items, count } = await records.list(caller, request.params.dataset_id, { page, pageSize })
      return {
        records: {
          results: items.map(showRecord),
          count,
          ...neighbours(request.url, { page, pageSize, count }),
        },
      }
    },
  )
}

function registerReading(server: Server, { access, records }: RecordsServices): void {
  server.get(
    `${path}/:dataset_record_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchRecord',
        summary: 'Fetch a record',
        tags: ['records'],
        params: recordParams,
        response: { 200: recordBody, ...answers(404) },
      },
    },
    async function fetchRecord(request) {
      return showRecord(await records.find(access.callerOf(request), request.params.dataset_record_id))
    },
  )

  server.post(
    `${path}/:dataset_record_id/live-judging`,
    {
      onRequest: access.requires('judge'),
      schema: {
        operationId: 'judgeRecord',
        summary: 'Judge a record by a definition that is not saved; the judgment is not kept',
        tags: ['records'],
        params: recordParams,
        querystring: askedQuery,
        body: z.object({ judge_definition: definitionDocument }),
        response: { 200: judgmentBody, ...answers(400, 404, 408, 429, 502) },
      },
    },
    async function judgeRecord(request, reply) {
      const asked = readAsked(request.query, {})
      return answerWithJudgment(reply, asked, (abandoned) =>
        records.judge(
          access.callerOf(request),
          request.params.dataset_record_id,
          toDefinition(request.body.judge_definition),
          abandoned,
          asked.wanted,
        ),
      )
    },
  )
}

function registerChanges(server: Server, { access, records }: RecordsServices): void {
  const schema = {
    tags: ['records'],
    params: recordParams,
    response: { 204: z.null().describe('Updated'), ...answers(404) },
  }

  server.put(
    `${path}/:dataset_record_id/payload`,
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
    `${path}/:dataset_record_id/properties`,
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
  .array(z.guid('expected a UUID'))
  .min(1, 'expected at least one id')
  .max(mostRemoved, `expected at most ${mostRemoved.toLocaleString('en')} ids, found more`)

function registerDeletion(server: Server, { access, records }: RecordsServices): void {
  server.delete(
    `${path}/:dataset_record_id`,
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
    `${path}/bulk-delete`,
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
