import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { AssizeError } from '../errors.ts'
import { mostSamples, type Wanted } from '../judging/judging.ts'
import { judgmentError, type LiveJudging, type LiveJudgment } from '../judging/live-judging.ts'
import type { Access } from './authenticate.ts'
import { judgeParams } from './judges.ts'
import { judgmentBody, showWeighed } from './judgment-body.ts'
import { answers, type Server } from './server.ts'

const samplesRange = `whole number from 1 to ${mostSamples}`
const samplesMeaning =
  'Judgments to make of the conversation: the answer is the option of a strict majority, or the mean. 1 where it is left out.'
const includeMeaning =
  'What to tell beside the analysis and the answer: distribution, details. Each brings the outcome, the distribution, the agreement and how they were got.'

const included = z.enum(['distribution', 'details'])
const includedList = z.array(included).describe(includeMeaning)

const liveJudgingQuery = z.object({
  samples: z
    .string(`expected one ${samplesRange}`)
    .regex(/^0*[1-9]\d?$/, `expected one ${samplesRange}`)
    .transform(Number)
    .pipe(z.int().max(mostSamples, `expected one ${samplesRange}`))
    .optional()
    .describe(samplesMeaning),
  include: z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((one) => one.split(',')))
    .pipe(includedList)
    .optional()
    .describe(`${includeMeaning} Repeated, or with commas between.`),
})

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
    samples: z
      .int(`expected a ${samplesRange}`)
      .min(1, `expected a ${samplesRange}`)
      .max(mostSamples, `expected a ${samplesRange}`)
      .nullish()
      .describe(samplesMeaning),
    include: includedList.nullish(),
  })
  .meta({ id: 'Conversation' })

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
        querystring: liveJudgingQuery,
        body: liveJudgingBody,
        response: { 200: judgmentBody, ...answers(400, 404, 408, 429, 502) },
      },
    },
    async function judgeLive(request, reply) {
      const signal = clientGone(reply)
      const asked = readAsked(request.query, request.body)
      try {
        const { messages, properties } = request.body
        const live = await liveJudging.judgeSaved(
          access.callerOf(request),
          request.params.judge_id,
          { messages, properties },
          signal,
          asked.wanted,
        )
        return answerOf(live, asked)
      } catch (error) {
        if (!signal.aborted) throw error
        request.log.info('The client went away before it was answered.')
        return reply.hijack()
      }
    },
  )
}

/** What a request asks for beside the answer; undefined `wanted` for nothing. */
interface Asked {
  readonly wanted: Wanted | undefined
  readonly withDetails: boolean
}

/** @throws AssizeError where query and body say different things */
function readAsked(
  query: z.output<typeof liveJudgingQuery>,
  body: Pick<z.output<typeof liveJudgingBody>, 'samples' | 'include'>,
): Asked {
  for (const name of ['samples', 'include'] as const) {
    const [inQuery, inBody] = [query[name], body[name] ?? undefined]
    if (inQuery === undefined || inBody === undefined || String(inQuery) === String(inBody)) continue
    throw new AssizeError(
      'request_invalid',
      `${name}: the query says ${String(inQuery)}, the body ${String(inBody)}. Say it in one place.`,
    )
  }
  const samples = query.samples ?? body.samples ?? undefined
  const include = query.include ?? body.include ?? undefined
  const isAsked = samples !== undefined || include !== undefined
  return {
    wanted: isAsked ? { samples: samples ?? 1, wantsDistribution: true } : undefined,
    withDetails: include?.includes('details') ?? false,
  }
}

/** @throws AssizeError for everything but an answer */
function answerOf(live: LiveJudgment, { wanted, withDetails }: Asked): z.output<typeof judgmentBody> {
  const { judgment } = live
  const isWeighed = wanted !== undefined || judgment.outcome === 'undecided'
  const weighed = isWeighed ? showWeighed(live, { withDetails }) : undefined
  if (judgment.outcome !== 'answered') throw judgmentError(judgment, weighed)
  return { analysis: judgment.analysis, answer: judgment.answer, ...weighed }
}

/** Aborted when the client goes away before its answer is sent. */
function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('The client went away.'))
  })
  return controller.signal
}
