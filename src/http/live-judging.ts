import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { LiveJudging } from '../judging/live-judging.ts'
import type { Access } from './authenticate.ts'
import { judgeParams } from './judges.ts'
import { answers, type Server } from './server.ts'

const liveJudgingBody = z
  .object({
    messages: z
      .array(z.unknown())
      .describe(
        "Chat messages as Mistral's and OpenAI's chat APIs write them: objects with a role and content.",
      )
      .meta({ items: { type: 'object', additionalProperties: true } }),
    properties: z
      .record(z.string(), z.unknown())
      .nullish()
      .describe('What is known beside the messages; instructions can name it.'),
  })
  .meta({ id: 'Conversation' })

const judgmentBody = z
  .object({
    analysis: z.string(),
    answer: z
      .union([z.string(), z.number()])
      .describe("One of the judge's options, or a number from its min to its max."),
  })
  .meta({ id: 'Judgment' })

export function registerLiveJudging(
  server: Server,
  { access, liveJudging }: { access: Access; liveJudging: LiveJudging },
): void {
  server.post(
    '/v1/observability/judges/:judge_id/live-judging',
    {
      onRequest: access.requires('judge'),
      schema: {
        operationId: 'judgeConversation',
        summary: 'Run a saved judge on a conversation',
        tags: ['judges'],
        params: judgeParams,
        body: liveJudgingBody,
        response: { 200: judgmentBody, ...answers(400, 404, 408, 429, 502) },
      },
    },
    async function judgeLive(request, reply) {
      const signal = clientGone(reply)
      try {
        const { analysis, answer } = await liveJudging.judgeSaved(
          access.callerOf(request),
          request.params.judge_id,
          request.body,
          signal,
        )
        return { analysis, answer }
      } catch (error) {
        if (!signal.aborted) throw error
        request.log.info('The client went away before it was answered.')
        return reply.hijack()
      }
    },
  )
}

/** Aborted when the client goes away before its answer is sent. */
function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('The client went away.'))
  })
  return controller.signal
}
