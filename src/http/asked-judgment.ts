import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { AssizeError } from '../errors.ts'
import { mostSamples, type Wanted } from '../judging/judging.ts'
import { judgmentError, type LiveJudgment } from '../judging/live-judging.ts'
import { type judgmentBody, showWeighed } from './judgment-body.ts'

const samplesRange = `whole number from 1 to ${mostSamples}`
const samplesMeaning =
  'Judgments to make of the conversation: the answer is the option of a strict majority, or the mean. 1 where it is left out.'
const includeMeaning =
  'What to tell beside the analysis and the answer: distribution, details. Each brings the outcome, the distribution, the agreement and how they were got.'

const included = z.enum(['distribution', 'details'])
const includedList = z.array(included).describe(includeMeaning)

/** How a query asks for more than one judgment, or for more than the answer. */
export const askedQuery = z.object({
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

/** How a body asks for the same. */
export const askedFields = {
  samples: z
    .int(`expected a ${samplesRange}`)
    .min(1, `expected a ${samplesRange}`)
    .max(mostSamples, `expected a ${samplesRange}`)
    .nullish()
    .describe(samplesMeaning),
  include: includedList.nullish(),
}

const askedBody = z.object(askedFields)

/** What a request asks for beside the answer; undefined `wanted` for nothing. */
export interface Asked {
  readonly wanted: Wanted | undefined
  readonly withDetails: boolean
}

/** @throws AssizeError where query and body say different things */
export function readAsked(
  query: z.output<typeof askedQuery>,
  body: Partial<z.output<typeof askedBody>>,
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

/**
 * The answer of a judgment that the client waits for; its signal is aborted when the client goes away.
 * @throws AssizeError for everything but an answer
 */
export async function answerWithJudgment(
  reply: FastifyReply,
  asked: Asked,
  judge: (abandoned: AbortSignal) => Promise<LiveJudgment>,
): Promise<z.output<typeof judgmentBody>> {
  const signal = clientGone(reply)
  try {
    return answerOf(await judge(signal), asked)
  } catch (error) {
    if (!signal.aborted) throw error
    reply.log.info('The client went away before it was answered.')
    return reply.hijack() as never
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
