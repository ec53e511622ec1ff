import { z } from 'zod'
import { type DatasetRecord, recordSources } from '../datasets/dataset.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Records } from '../datasets/records.ts'
import { definitionDocument, toDefinition } from '../judges/definition-document.ts'
import { answerWithJudgment, askedQuery, readAsked } from './asked-judgment.ts'
import type { Access } from './authenticate.ts'
import { datasetParams, datasetsPath } from './datasets.ts'
import { uuid } from './ids.ts'
import { judgmentBody } from './judgment-body.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

export const recordsPath = '/v1/observability/dataset-records'

export const recordParams = z.object({ dataset_record_id: uuid })

const id = z.uuid()
const timestamp = z.iso.datetime()

export const payload = z
  .record(z.string(), z.unknown())
  .describe('A conversation, as chat messages in `messages`, and anything beside them.')
  .meta({
    properties: { messages: { type: 'array', minItems: 1, items: { type: 'object', required: ['role'] } } },
    required: ['messages'],
  })
export const properties = z
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
  readonly datasets: Pick<Datasets, 'idOf'>
  readonly records: Records
}

export function registerRecords(server: Server, services: RecordsServices): void {
  registerOfDataset(server, services)
  registerReading(server, services)
}

function registerOfDataset(server: Server, { access, datasets, records }: RecordsServices): void {
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
      const datasetId = await datasets.idOf(caller, request.params.dataset_id)
      const record = await records.add(caller, datasetId, content, source)
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
      const datasetId = await datasets.idOf(caller, request.params.dataset_id)
      const { items, count } = await records.list(caller, datasetId, { page, pageSize })
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
    `${recordsPath}/:dataset_record_id`,
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
    `${recordsPath}/:dataset_record_id/live-judging`,
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
