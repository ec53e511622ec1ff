import { z } from 'zod'
import type { Label } from '../agreement/label.ts'
import type { Labels } from '../agreement/labels.ts'
import { text } from '../judges/definition-document.ts'
import type { Access } from './authenticate.ts'
import { uuid } from './ids.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { recordParams, recordsPath } from './records.ts'
import { answers, type Server } from './server.ts'

const judgeId = uuid.describe("A judge's id, or a revision's: labels are answers of its output.")
const author = text(1, 200).describe('Whose label it is, as you name people.')

const value = z
  .union([z.string(), z.number(), z.null()], "expected a string, a number, or null where it can't be told")
  .describe("One of the judge's options, or a number from its min to its max; null: it can't be told.")

const labelBody = z
  .object({
    id: z.uuid(),
    judge_id: z.uuid(),
    record_id: z.uuid(),
    author: z.string(),
    value,
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Label' })

const takenBody = z.object({
  records: z.int().describe('How many records the dataset has.'),
  taken: z.int(),
  without: z.int().describe('Records without the field.'),
  refused: z.int().describe('Records whose value is no answer of the judge.'),
  refusals: z.array(z.object({ record_id: z.uuid(), reason: z.string() })).describe('The first of them.'),
})

function showLabel(label: Label): z.output<typeof labelBody> {
  return {
    id: label.id,
    judge_id: label.judgeId,
    record_id: label.recordId,
    author: label.author,
    value: label.value,
    created_at: label.createdAt.toISOString(),
  }
}

interface LabelsServices {
  readonly access: Access
  readonly labels: Labels
}

const path = `${recordsPath}/:dataset_record_id/labels`

export function registerLabels(server: Server, { access, labels }: LabelsServices): void {
  server.post(
    path,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'giveLabel',
        summary: 'Label a record, in the place of what the same author said before',
        tags: ['labels'],
        params: recordParams,
        body: z.object({ judge_id: judgeId, value, author }),
        response: { 201: labelBody, ...answers(404) },
      },
    },
    async function giveLabel(request, reply) {
      const { judge_id: judgeId, ...given } = request.body
      const caller = access.callerOf(request)
      const label = await labels.give(caller, request.params.dataset_record_id, { judgeId, ...given })
      return reply.status(201).send(showLabel(label))
    },
  )

  server.get(
    path,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listLabels',
        summary: "List a record's labels, newest first",
        tags: ['labels'],
        params: recordParams,
        querystring: z.object({ ...pageQuery, judge_id: uuid.optional() }),
        response: { 200: z.object({ labels: pageOf(labelBody) }), ...answers(404) },
      },
    },
    async function listLabels(request) {
      const { page, page_size: pageSize, judge_id: judgeId } = request.query
      const query = { page, pageSize, ...(judgeId !== undefined && { judgeId }) }
      const caller = access.callerOf(request)
      const { items, count } = await labels.list(caller, request.params.dataset_record_id, query)
      const beside = neighbours(request.url, { page, pageSize, count })
      return { labels: { results: items.map(showLabel), count, ...beside } }
    },
  )

  server.delete(
    `${path}/:label_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteLabel',
        summary: 'Delete a label',
        tags: ['labels'],
        params: recordParams.extend({ label_id: uuid }),
        response: { 204: z.null().describe('Deleted'), ...answers(404) },
      },
    },
    async function deleteLabel(request, reply) {
      const { dataset_record_id: recordId, label_id: id } = request.params
      await labels.remove(access.callerOf(request), recordId, id)
      return reply.status(204).send(null)
    },
  )

  registerTaking(server, { access, labels })
}

function registerTaking(server: Server, { access, labels }: LabelsServices): void {
  server.post(
    '/v1/observability/datasets/:dataset_id/labels/from-field',
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'takeLabels',
        summary: 'Take labels from a field of the records',
        tags: ['labels'],
        params: z.object({ dataset_id: uuid }),
        body: z.object({
          judge_id: judgeId,
          field: text(1, 500).describe(
            "Its name, in the payload, where judges don't see it, or else among the properties. null in it: it can't be told.",
          ),
          author,
        }),
        response: { 200: takenBody, ...answers(404) },
      },
    },
    async function takeLabels(request) {
      const { judge_id: judgeId, field, author } = request.body
      const caller = access.callerOf(request)
      const from = { judgeId, field, author }
      const { refusals, ...counts } = await labels.takeFromField(caller, request.params.dataset_id, from)
      return {
        ...counts,
        refusals: refusals.map(({ recordId, reason }) => ({ record_id: recordId, reason })),
      }
    },
  )
}
