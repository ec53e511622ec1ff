import { z } from 'zod'
import { type ActiveJudge, type JudgeActivities, lastJudgedAt } from '../runs/judge-activity.ts'
import type { LastRun } from '../runs/last-run-store.ts'
import { runStates } from '../runs/run.ts'
import type { Access } from './authenticate.ts'
import { judgeBody, judgesQuery, listedBy, showJudge } from './judges.ts'
import { neighbours, pageOf } from './pages.ts'
import { answers, type Server } from './server.ts'

const timestamp = z.iso.datetime()

const lastRunBody = z
  .object({
    id: z.uuid(),
    name: z.string(),
    state: z.enum(runStates),
    created_at: timestamp,
    finished_at: timestamp.nullable().describe('Null while it is running.'),
    total: z.int().describe('How many records it has.'),
    judged: z.int(),
    answered: z.int(),
    share_answered: z.number().nullable().describe('Of those judged; null where none is.'),
    answers: z
      .array(z.object({ answer: z.string(), count: z.int() }))
      .describe('Options, the most frequent first; empty where answers are numbers.'),
    mean: z.number().nullable().describe('Of the answers, where they are numbers.'),
  })
  .meta({ id: 'LastRun' })

const activeJudgeBody = z
  .object({
    judge: judgeBody,
    last_run: lastRunBody.nullable().describe('The newest run, of whichever revision.'),
    last_judged_at: timestamp
      .nullable()
      .describe('When its newest kept live judgment was made, or its last run ended, whichever was later.'),
  })
  .meta({ id: 'ActiveJudge' })

/** The list of judges as people want it: with what each did last. */
export function registerJudgeActivity(
  server: Server,
  { access, judgeActivities }: { access: Access; judgeActivities: JudgeActivities },
): void {
  server.get(
    '/v1/observability/judges/overview',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listActiveJudges',
        summary: 'List judges with their last run and when they last judged, newest first',
        tags: ['judges'],
        querystring: judgesQuery,
        response: { 200: z.object({ judges: pageOf(activeJudgeBody) }), ...answers() },
      },
    },
    async function listActiveJudges(request) {
      const { page, page_size: pageSize } = request.query
      const { items, count } = await judgeActivities.list(access.callerOf(request), listedBy(request.query))
      const beside = neighbours(request.url, { page, pageSize, count })
      return { judges: { results: items.map(showActive), count, ...beside } }
    },
  )
}

function showActive(active: ActiveJudge): z.output<typeof activeJudgeBody> {
  return {
    judge: showJudge(active.judge),
    last_run: active.lastRun && showLastRun(active.lastRun),
    last_judged_at: lastJudgedAt(active)?.toISOString() ?? null,
  }
}

function showLastRun(run: LastRun): z.output<typeof lastRunBody> {
  const options = run.answers.flatMap(({ answer, count }) =>
    typeof answer === 'string' ? [{ answer, count }] : [],
  )
  return {
    id: run.id,
    name: run.name,
    state: run.state,
    created_at: run.createdAt.toISOString(),
    finished_at: run.endedAt?.toISOString() ?? null,
    total: run.total,
    judged: run.judged,
    answered: run.answered,
    share_answered: run.judged === 0 ? null : run.answered / run.judged,
    answers: options.toSorted(
      (one, other) => other.count - one.count || (one.answer < other.answer ? -1 : 1),
    ),
    mean: options.length > 0 || run.answered === 0 ? null : run.sum / run.answered,
  }
}
