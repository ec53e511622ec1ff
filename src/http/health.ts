import { z } from 'zod'
import { AssizeError } from '../errors.ts'
import { errorBody } from './answer-error.ts'
import type { Server } from './server.ts'

const ok = z.object({ status: z.literal('ok') })

/** Whether the database answers; throws when it does not. */
export type Ping = () => Promise<void>

export function registerHealth(server: Server, { ping }: { ping: Ping }): void {
  server.get(
    '/healthz',
    {
      schema: {
        operationId: 'isAlive',
        summary: 'Whether the process lives',
        tags: ['health'],
        security: [],
        response: { 200: ok },
      },
    },
    async function isAlive() {
      return { status: 'ok' as const }
    },
  )

  server.get(
    '/readyz',
    {
      schema: {
        operationId: 'isReady',
        summary: 'Whether the database answers',
        tags: ['health'],
        security: [],
        response: { 200: ok, 503: errorBody },
      },
    },
    async function isReady() {
      try {
        await ping()
      } catch (error) {
        throw new AssizeError('database_unavailable', 'The database does not answer.', { cause: error })
      }
      return { status: 'ok' as const }
    },
  )
}
