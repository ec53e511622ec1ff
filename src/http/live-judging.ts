import { z } from 'zod'
import type { LiveJudging } from '../judging/live-judging.ts'
import { answerWithJudgment, askedFields, askedQuery, readAsked } from './asked-judgment.ts'
import type { Access } from './authenticate.ts'
import { judgeParams } from './judges.ts'
import { judgmentBody } from './judgment-body.ts'
import { answers, type Server } from './server.ts'

/** A conversation to judge, as a body brings it. */
export const materialFields = {
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
}

const liveJudgingBody = z.object({ ...materialFields, ...askedFields }).meta({ id: 'Conversation' })

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
        querystring: askedQuery,
        body: liveJudgingBody,
        response: { 200: judgmentBody, ...answers(400, 404, 408, 429, 502) },
      },
    },
    async function judgeLive(request, reply) {
      const { messages, properties } = request.body
      const asked = readAsked(request.query, request.body)
      return answerWithJudgment(reply, asked, (abandoned) =>
        liveJudging.judgeSaved(
          access.callerOf(request),
          request.params.judge_id,
          { messages, properties },
          abandoned,
          asked.wanted,
        ),
      )
    },
  )
}
