import { Readable } from 'node:stream'
import { z } from 'zod'
import { judgmentCsvHeader, judgmentCsvLine } from '../judging/judgment-csv.ts'
import { judgmentDocument } from '../judging/judgment-document.ts'
import type { ListedJudgment } from '../judging/judgment-store.ts'
import { uuid } from './ids.ts'
import { answersOf, judgmentFilters } from './judgment-filters.ts'
import { judgmentRecordBody } from './judgment-record-body.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { type RunsServices, runParams, runsPath } from './runs.ts'
import { answers, type Server } from './server.ts'

const filterQuery = z.object(judgmentFilters)

/** The forms in which all judgments of a run can be downloaded. */
const downloads = {
  jsonl: {
    operationId: 'downloadRunJudgments',
    summary: "Download a run's judgments as lines of JSON, in the order of its records",
    type: 'application/jsonl',
    header: '',
    line: (judgment: ListedJudgment) => `${JSON.stringify(judgmentDocument(judgment))}\n`,
  },
  csv: {
    operationId: 'downloadRunJudgmentsAsCsv',
    summary: "Download a run's judgments as CSV, in the order of its records",
    type: 'text/csv',
    header: judgmentCsvHeader,
    line: (judgment: ListedJudgment) => judgmentCsvLine(judgmentDocument(judgment)),
  },
} as const

export function registerRunJudgments(server: Server, services: RunsServices): void {
  const { access, runs } = services
  server.get(
    `${runsPath}/:run_id/judgments`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listRunJudgments',
        summary: "List a run's judgments, in the order of its records",
        tags: ['runs'],
        params: runParams,
        querystring: z.object({ ...pageQuery, ...judgmentFilters }),
        response: { 200: z.object({ judgments: pageOf(judgmentRecordBody) }), ...answers(404) },
      },
    },
    async function listRunJudgments(request) {
      const { page, page_size: pageSize, ...filter } = request.query
      const { items, count } = await runs.listJudgments(access.callerOf(request), request.params.run_id, {
        page,
        pageSize,
        ...filterOf(filter),
      })
      const beside = neighbours(request.url, { page, pageSize, count })
      return { judgments: { results: items.map(judgmentDocument), count, ...beside } }
    },
  )

  server.get(
    `${runsPath}/:run_id/judgments/:judgment_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchRunJudgment',
        summary: 'Fetch one judgment of a run',
        tags: ['runs'],
        params: runParams.extend({ judgment_id: uuid }),
        response: { 200: judgmentRecordBody, ...answers(404) },
      },
    },
    async function fetchRunJudgment(request) {
      const { run_id: id, judgment_id: judgmentId } = request.params
      return judgmentDocument(await runs.findJudgment(access.callerOf(request), id, judgmentId))
    },
  )

  registerDownload(server, services, 'jsonl')
  registerDownload(server, services, 'csv')
}

function registerDownload(
  server: Server,
  { access, runs }: RunsServices,
  format: keyof typeof downloads,
): void {
  const { operationId, summary, type } = downloads[format]
  server.get(
    `${runsPath}/:run_id/judgments.${format}`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId,
        summary,
        tags: ['runs'],
        params: runParams,
        querystring: filterQuery,
        response: {
          200: { description: 'The judgments', content: { [type]: { schema: z.string() } } },
          ...answers(404),
        },
      },
    },
    async function downloadJudgments(request, reply) {
      const { run_id: id } = request.params
      const judgments = await runs.readJudgments(access.callerOf(request), id, filterOf(request.query))
      return reply
        .header('content-type', `${type}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${id.toLowerCase()}.${format}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(linesOf(judgments, format), { highWaterMark: 1 }))
    },
  )
}

async function* linesOf(
  judgments: AsyncIterable<readonly ListedJudgment[]>,
  format: keyof typeof downloads,
): AsyncGenerator<string, void> {
  const { header, line } = downloads[format]
  if (header !== '') yield header
  for await (const some of judgments) yield some.map(line).join('')
}

function filterOf({ outcome, answer }: z.output<typeof filterQuery>) {
  return { outcomes: outcome ?? [], answers: answersOf(answer ?? []) }
}
