import { z } from 'zod'
import { type RunsServices, runParams, runsPath } from './runs.ts'
import { answers, type Server } from './server.ts'

const groupBody = z.union([
  z.object({ answer: z.string(), count: z.int() }),
  z.object({
    from: z.number(),
    to: z.number().describe('Itself one of them only in the last group, and where it is the same as `from`.'),
    count: z.int(),
  }),
])

/** How often a run's judgments gave which answer. */
export function registerRunAnswers(server: Server, { access, runs }: RunsServices): void {
  server.get(
    `${runsPath}/:run_id/answers`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'countRunAnswers',
        summary: "Count a run's answers: by option, or by number or stretch of numbers",
        tags: ['runs'],
        params: runParams,
        response: { 200: z.object({ answers: z.array(groupBody) }), ...answers(404) },
      },
    },
    async function countRunAnswers(request) {
      return { answers: await runs.countAnswers(access.callerOf(request), request.params.run_id) }
    },
  )
}
