import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { runQuery } from '../../api/runs.ts'
import type { Run } from '../../api/shapes.ts'

const seenEveryMs = 3_000

/** A run as it stands: told of each change by the server, and asked for now and then where no events come through. */
export function useLiveRun(runId: string) {
  const queryClient = useQueryClient()
  const run = useQuery({
    ...runQuery(runId),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? seenEveryMs : false),
  })
  const isRunning = run.data?.state === 'running'
  useEffect(() => {
    if (!isRunning) return
    const events = new EventSource(`/v1/observability/runs/${runId}/events`)
    events.addEventListener('progress', ({ data }) => {
      queryClient.setQueryData(runQuery(runId).queryKey, JSON.parse(data) as Run)
    })
    // The server ends the stream with the run; a browser would open it again and again.
    events.addEventListener('error', () => events.close())
    return () => events.close()
  }, [isRunning, runId, queryClient])
  const done = run.data === undefined ? 0 : run.data.total - run.data.pending
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is judged is looked at again when there is more of it
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: ['runs', 'answers', runId] })
    void queryClient.invalidateQueries({ queryKey: ['runs', 'judgments', runId] })
  }, [done, runId, queryClient])
  return run
}
