import { queryOptions } from '@tanstack/react-query'
import { type Rows, rowsPerPage } from '../components/virtual-table.tsx'
import { isOutcome } from '../outcomes.ts'
import { api, taken } from './client.ts'
import type { JudgmentRecord } from './shapes.ts'

export interface RunJudgmentsAsked {
  readonly answer?: string
  readonly outcome?: string
}

/** A page of a run's judgments, those that fit alone. */
export function runJudgmentsQuery(runId: string, { answer, outcome }: RunJudgmentsAsked, page: number) {
  const filter = {
    ...(answer !== undefined && { answer: [answer] }),
    ...(outcome !== undefined && isOutcome(outcome) && { outcome: [outcome] }),
  }
  return queryOptions({
    queryKey: ['runs', 'judgments', runId, { answer, outcome }, page],
    queryFn: async ({ signal }): Promise<Rows<JudgmentRecord>> => {
      const query = { page: String(page), page_size: String(rowsPerPage), ...filter }
      const params = { path: { run_id: runId }, query }
      return (await taken(api.GET('/v1/observability/runs/{run_id}/judgments', { params, signal }))).judgments
    },
    staleTime: 30_000,
  })
}

export function runJudgmentQuery(runId: string, judgmentId: string) {
  return queryOptions({
    queryKey: ['runs', 'judgment', judgmentId],
    queryFn: ({ signal }): Promise<JudgmentRecord> => {
      const path = { run_id: runId, judgment_id: judgmentId }
      return taken(
        api.GET('/v1/observability/runs/{run_id}/judgments/{judgment_id}', { params: { path }, signal }),
      )
    },
  })
}
