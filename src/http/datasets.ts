import { z } from 'zod'
import type { Dataset } from '../datasets/dataset.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { text } from '../judges/definition-document.ts'
import type { Access } from './authenticate.ts'
import { neighbours, pageOf, pageQuery, searchText } from './pages.ts'
import { answers, type Server } from './server.ts'

export const datasetsPath = '/v1/observability/datasets'

export const datasetParams = z.object({
  dataset_id: z
    .string()
    .regex(/^[\dA-Za-z-]{1,200}$/, 'expected a UUID or a slug')
    .describe("A dataset's id or its slug; what has the form of a UUID is an id."),
})

const id = z.uuid()
const timestamp = z.iso.datetime()
const name = text(1, 200)
const description = text(0, 2000)

const newDataset = z.object({ name, description }).meta({ id: 'NewDataset' })

const datasetChange = z
  .object({ name: name.nullish(), description: description.nullish() })
  .meta({ id: 'DatasetChange', description: 'What is null or left out stays.' })

const datasetBody = z
  .object({
    id,
    created_at: timestamp,
    updated_at: timestamp.describe('When its name or description last changed.'),
    deleted_at: z.null(),
    name: z.string(),
    slug: z.string().describe('Names it in URLs: unique in its workspace, and kept when the name changes.'),
    description: z.string(),
    owner_id: id,
    workspace_id: id,
  })
  .meta({ id: 'Dataset' })

function showDataset(dataset: Dataset): z.output<typeof datasetBody> {
  return {
    id: dataset.id,
    created_at: dataset.createdAt.toISOString(),
    updated_at: dataset.updatedAt.toISOString(),
    deleted_at: null,
    name: dataset.name,
    slug: dataset.slug,
    description: dataset.description,
    owner_id: dataset.ownerId,
    workspace_id: dataset.workspaceId,
  }
}

const listQuery = z.object({
  ...pageQuery,
  q: searchText.optional().describe('A part of the name or the description, whatever its case.'),
})

interface DatasetsServices {
  readonly access: Access
  readonly datasets: Datasets
}

export function registerDatasets(server: Server, { access, datasets }: DatasetsServices): void {
  server.post(
    datasetsPath,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'createDataset',
        summary: 'Create an empty dataset',
        tags: ['datasets'],
        body: newDataset,
        response: { 201: datasetBody, ...answers() },
      },
    },
    async function createDataset(request, reply) {
      const dataset = await datasets.create(access.callerOf(request), request.body)
      return reply.status(201).send(showDataset(dataset))
    },
  )

  server.get(
    datasetsPath,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listDatasets',
        summary: 'List datasets, newest first',
        tags: ['datasets'],
        querystring: listQuery,
        response: { 200: z.object({ datasets: pageOf(datasetBody) }), ...answers() },
      },
    },
    async function listDatasets(request) {
      const { page, page_size: pageSize, q } = request.query
      const { items, count } = await datasets.list(access.callerOf(request), {
        page,
        pageSize,
        ...(q ? { text: q } : {}),
      })
      return {
        datasets: {
          results: items.map(showDataset),
          count,
          ...neighbours(request.url, { page, pageSize, count }),
        },
      }
    },
  )

  registerOne(server, { access, datasets })
}

function registerOne(server: Server, { access, datasets }: DatasetsServices): void {
  server.get(
    `${datasetsPath}/:dataset_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchDataset',
        summary: 'Fetch a dataset',
        tags: ['datasets'],
        params: datasetParams,
        response: { 200: datasetBody, ...answers(404) },
      },
    },
    async function fetchDataset(request) {
      return showDataset(await datasets.find(access.callerOf(request), request.params.dataset_id))
    },
  )

  server.patch(
    `${datasetsPath}/:dataset_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'updateDataset',
        summary: "Change a dataset's name or description",
        tags: ['datasets'],
        params: datasetParams,
        body: datasetChange,
        response: { 200: datasetBody, ...answers(404) },
      },
    },
    async function updateDataset(request) {
      const { name, description } = request.body
      const dataset = await datasets.update(access.callerOf(request), request.params.dataset_id, {
        ...(typeof name === 'string' && { name }),
        ...(typeof description === 'string' && { description }),
      })
      return showDataset(dataset)
    },
  )

  server.delete(
    `${datasetsPath}/:dataset_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteDataset',
        summary: 'Delete a dataset with its records',
        tags: ['datasets'],
        params: datasetParams,
        response: { 204: z.null().describe('Deleted'), ...answers(404) },
      },
    },
    async function deleteDataset(request, reply) {
      await datasets.remove(access.callerOf(request), request.params.dataset_id)
      return reply.status(204).send(null)
    },
  )
}
