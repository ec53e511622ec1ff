import { z } from 'zod'
import type { RunAgreements } from '../agreement/run-agreements.ts'
import { choiceOf, labelField } from './agreement-request.ts'
import type { Access } from './authenticate.ts'
import { runParams, runsPath } from './runs.ts'
import { answers, type Server } from './server.ts'

/** A picture shows no more than so many. */
const mostPairs = 2000

const value = z.union([z.string(), z.number()])

interface LabelPairsServices {
  readonly access: Access
  readonly agreements: Pick<RunAgreements, 'judged'>
}

/** What people said beside what the judge said, for a picture of both. */
export function registerLabelPairs(server: Server, { access, agreements }: LabelPairsServices): void {
  server.get(
    `${runsPath}/:run_id/label-pairs`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listLabelPairs',
        summary: `List what people and judge said of the same records; the first ${mostPairs} in the order of the run`,
        tags: ['agreement'],
        params: runParams,
        querystring: z.object({ label_field: labelField }),
        response: {
          200: z.object({
            count: z.int().describe('How many there are, those that are not listed included.'),
            pairs: z.array(
              z.object({ record_id: z.uuid(), item_number: z.int(), label: value, answer: value }),
            ),
          }),
          ...answers(404),
        },
      },
    },
    async function listLabelPairs(request) {
      const caller = access.callerOf(request)
      const { judged } = await agreements.judged(caller, request.params.run_id, choiceOf(request.query))
      const pairs = judged
        .toSorted((one, other) => one.judgment.itemNumber - other.judgment.itemNumber)
        .slice(0, mostPairs)
        .map(({ label, answer, judgment }) => ({
          record_id: judgment.recordId,
          item_number: judgment.itemNumber,
          label,
          answer,
        }))
      return { count: judged.length, pairs }
    },
  )
}
