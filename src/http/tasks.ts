import { z } from 'zod'
import type { Imports } from '../datasets/imports.ts'
import type { Access } from './authenticate.ts'
import { datasetParams, datasetsPath } from './datasets.ts'
import { uuid } from './ids.ts'
import { showTask, taskBody } from './import-body.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

const taskParams = datasetParams.extend({ task_id: uuid })

const refusalBody = z
  .object({
    line: z.int().describe('Of JSON arrays and Parquet, the number of the row.'),
    reason: z.string().describe('What was wrong, where, and what would be right.'),
  })
  .meta({ id: 'ImportRefusal' })

interface TasksServices {
  readonly access: Access
  readonly imports: Imports
}

export function registerTasks(server: Server, { access, imports }: TasksServices): void {
  server.get(
    `${datasetsPath}/:dataset_id/tasks`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listTasks',
        summary: "List a dataset's imports, newest first",
        tags: ['imports'],
        params: datasetParams,
        querystring: z.object(pageQuery),
        response: { 200: z.object({ tasks: pageOf(taskBody) }), ...answers(404) },
      },
    },
    async function listTasks(request) {
      const page = toPage(request.query)
      const { items, count } = await imports.list(access.callerOf(request), request.params.dataset_id, page)
      return {
        tasks: { results: items.map(showTask), count, ...neighbours(request.url, { ...page, count }) },
      }
    },
  )

  server.get(
    `${datasetsPath}/:dataset_id/tasks/:task_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchTask',
        summary: 'See how far an import is',
        tags: ['imports'],
        params: taskParams,
        response: { 200: taskBody, ...answers(404) },
      },
    },
    async function fetchTask(request) {
      const { dataset_id: datasetId, task_id: id } = request.params
      return showTask(await imports.find(access.callerOf(request), datasetId, id))
    },
  )

  server.get(
    `${datasetsPath}/:dataset_id/tasks/:task_id/refusals`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listRefusals',
        summary: 'List the lines that an import refused, and why',
        tags: ['imports'],
        params: taskParams,
        querystring: z.object(pageQuery),
        response: { 200: z.object({ refusals: pageOf(refusalBody) }), ...answers(404) },
      },
    },
    async function listRefusals(request) {
      const page = toPage(request.query)
      const { dataset_id: datasetId, task_id: id } = request.params
      const { items, count } = await imports.listRefusals(access.callerOf(request), datasetId, id, page)
      return { refusals: { results: [...items], count, ...neighbours(request.url, { ...page, count }) } }
    },
  )
}

function toPage({ page, page_size: pageSize }: { page: number; page_size: number }) {
  return { page, pageSize }
}
