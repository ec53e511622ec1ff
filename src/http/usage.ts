import { z } from 'zod'
import { dayText, type Usage } from '../judging/usage.ts'
import { type UsageRow, type UsageSum, usageGroups, usageSources } from '../judging/usage-store.ts'
import type { Access } from './authenticate.ts'
import { outcomeBody } from './judgment-record-body.ts'
import { anyOf } from './pages.ts'
import { answers, type Server } from './server.ts'

const dayOfQuery = z.iso
  .date('expected a day, like 2026-03-01')
  .transform((value) => new Date(`${value}T00:00:00Z`))

const usageQuery = z.object({
  from: dayOfQuery
    .optional()
    .describe('The first UTC day that counts; 30 days up to `to` where it is absent.'),
  to: dayOfQuery.optional().describe('The last UTC day that counts; today where it is absent.'),
  group_by: anyOf(z.enum(usageGroups)).describe('May be repeated; one row for all where it is absent.'),
})

const sums = {
  judgments: z.int(),
  unpriced_judgments: z.int().describe('How many of these have no known cost, for want of a price.'),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost: z
    .number()
    .nullable()
    .describe('Of the judgments with a known cost, in the currency of the prices; null where none has one.'),
}

const usageBody = z
  .object({
    from: z.string(),
    to: z.string(),
    group_by: z.array(z.enum(usageGroups)),
    total: z.object(sums),
    results: z.array(
      z.object({
        day: z.string().optional(),
        judge_id: z.string().optional(),
        provider: z.string().optional(),
        model: z.string().optional().describe("The provider's own name of it."),
        source: z.enum(usageSources).optional(),
        outcome: outcomeBody.optional(),
        ...sums,
      }),
    ),
  })
  .meta({ id: 'Usage' })

export function registerUsage(server: Server, { access, usage }: { access: Access; usage: Usage }): void {
  server.get(
    '/v1/observability/usage',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchUsage',
        summary: "Tell what the workspace's saved judges used and cost, by UTC day",
        tags: ['usage'],
        querystring: usageQuery,
        response: { 200: z.object({ usage: usageBody }), ...answers() },
      },
    },
    async function fetchUsage(request) {
      const { from, to, group_by: groups = [] } = request.query
      const asked = { groups, ...(from && { from }), ...(to && { to }) }
      const report = await usage.report(access.callerOf(request), asked)
      return {
        usage: {
          from: dayText(report.fromDay),
          to: dayText(report.toDay),
          group_by: [...report.groups],
          total: sumOf(report.total),
          results: report.rows.map(rowOf),
        },
      }
    },
  )
}

function rowOf(row: UsageRow) {
  return {
    ...(row.day !== undefined && { day: dayText(row.day) }),
    ...(row.judgeId !== undefined && { judge_id: row.judgeId }),
    ...(row.provider !== undefined && { provider: row.provider }),
    ...(row.modelName !== undefined && { model: row.modelName }),
    ...(row.source && { source: row.source }),
    ...(row.outcome && { outcome: row.outcome }),
    ...sumOf(row),
  }
}

function sumOf({ judgments, unpriced, inputTokens, outputTokens, cost }: UsageSum) {
  return {
    judgments,
    unpriced_judgments: unpriced,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost: judgments > 0 && unpriced === judgments ? null : cost,
  }
}
