import { Readable } from 'node:stream'
import { z } from 'zod'
import { AssizeError } from '../errors.ts'
import type { Run } from '../runs/run.ts'
import { watchRun } from '../runs/watch-run.ts'
import { type RunsServices, runParams, runsPath, showRun } from './runs.ts'
import { answers, type Server } from './server.ts'

interface RunEventsServices extends RunsServices {
  /** Waits, and ends at once where nobody waits any more. */
  readonly pause: Pause
}

type Pause = Parameters<typeof watchRun>[0]['pause']

export function registerRunEvents(server: Server, { access, runs, pause }: RunEventsServices): void {
  const closing = new AbortController()
  server.addHook('preClose', async function endWatching() {
    closing.abort()
  })
  server.get(
    `${runsPath}/:run_id/events`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'watchRun',
        summary: 'Watch a run: server-sent events with the run as it stands, until it ends',
        tags: ['runs'],
        params: runParams,
        response: {
          200: {
            description: 'Events named progress, whose data is the run; about one a second at most',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...answers(404),
        },
      },
    },
    async function watch(request, reply) {
      const caller = access.callerOf(request)
      const { run_id: id } = request.params
      await runs.find(caller, id)
      const events = Readable.from(
        // The stream is destroyed when the client goes away, and ends at the next event.
        eventsOf(() => runs.find(caller, id).catch(unlessGone), pause, closing.signal),
        { highWaterMark: 1 },
      )
      return reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(events)
    },
  )
}

async function* eventsOf(
  find: () => Promise<Run | undefined>,
  pause: Pause,
  ended: AbortSignal,
): AsyncGenerator<string, void> {
  for await (const seen of watchRun({ find, pause, ended })) {
    yield seen === 'same'
      ? ': nothing new\n\n'
      : `event: progress\ndata: ${JSON.stringify(showRun(seen))}\n\n`
  }
}

function unlessGone(error: unknown): undefined {
  if (error instanceof AssizeError && error.situation === 'run_not_found') return undefined
  throw error
}
