import { z } from 'zod'
import { dayText } from '../judging/usage.ts'
import type { DaySum, Overview, Trouble, WorkspaceOverview } from '../runs/overview.ts'
import type { Access } from './authenticate.ts'
import { outcomesBody, runBody, showRun } from './runs.ts'
import { answers, type Server } from './server.ts'

const dayBody = z.object({
  day: z.string(),
  judgments: z.int(),
  outcomes: outcomesBody,
  unpriced_judgments: z.int().describe('How many of these have no known cost, for want of a price.'),
  cost: z.number().nullable().describe('Of the judgments with a known cost; null where none has one.'),
})

const troubleBody = z.object({
  from: z.string().describe('The first UTC day that counts; today is the last.'),
  failing_judges: z
    .array(
      z.object({
        judge_id: z.uuid(),
        judge_name: z.string(),
        judgments: z.int(),
        not_answered: z.int(),
        share_not_answered: z.number(),
      }),
    )
    .describe('At most 5, those with the most judgments without an answer first.'),
  rate_limited: z
    .array(z.object({ provider: z.string(), judgments: z.int() }))
    .describe('Providers that limited the rate until judgments were given up, and how many were.'),
})

const overviewBody = z
  .object({
    counts: z.object({ judges: z.int(), datasets: z.int(), records: z.int(), labels: z.int() }),
    running: z.object({ results: z.array(runBody).describe('The newest, at most 20.'), count: z.int() }),
    days: z
      .array(dayBody)
      .describe('The last 30 UTC days, the earliest first, with all judgments by saved judges.'),
    today: troubleBody,
    last_7_days: troubleBody,
  })
  .meta({ id: 'Overview' })

/** What somebody looks at first. */
export function registerOverview(
  server: Server,
  { access, overview }: { access: Access; overview: Overview },
): void {
  server.get(
    '/v1/observability/overview',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchOverview',
        summary: 'Tell how the workspace does: what it has, what runs, what judging came to lately',
        tags: ['usage'],
        response: { 200: z.object({ overview: overviewBody }), ...answers() },
      },
    },
    async function fetchOverview(request) {
      return { overview: showOverview(await overview.tell(access.callerOf(request))) }
    },
  )
}

function showOverview(told: WorkspaceOverview): z.output<typeof overviewBody> {
  return {
    counts: { ...told.counts },
    running: { results: told.running.map(showRun), count: told.runningCount },
    days: told.days.map(showDay),
    today: showTrouble(told.today),
    last_7_days: showTrouble(told.lastWeek),
  }
}

function showDay({ day, judgments, outcomes, unpriced, cost }: DaySum): z.output<typeof dayBody> {
  return {
    day: dayText(day),
    judgments,
    outcomes: { ...outcomes },
    unpriced_judgments: unpriced,
    cost: judgments > 0 && unpriced === judgments ? null : cost,
  }
}

function showTrouble({ days, failingJudges, limitedProviders }: Trouble): z.output<typeof troubleBody> {
  return {
    from: dayText(days.fromDay),
    failing_judges: failingJudges.map(({ judgeId, name, judgments, unanswered }) => ({
      judge_id: judgeId,
      judge_name: name,
      judgments,
      not_answered: unanswered,
      share_not_answered: unanswered / judgments,
    })),
    rate_limited: limitedProviders.map(({ provider, judgments }) => ({ provider, judgments })),
  }
}
