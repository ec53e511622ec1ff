import { Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, taken } from '../../api/client.ts'
import { Ago } from '../../components/ago.tsx'
import { AnchorLink } from '../../components/links.tsx'
import { countText, shareText } from '../../numbers.ts'

function lastRunQuery(judgeId: string) {
  return queryOptions({
    queryKey: ['runs', 'last', judgeId],
    queryFn: async ({ signal }) => {
      const query = { judge_id: judgeId, page_size: '1' }
      const { runs } = await taken(api.GET('/v1/observability/runs', { params: { query }, signal }))
      return runs.results[0] ?? null
    },
    staleTime: 30_000,
  })
}

/** How a judge's last run went. */
export function LastRun({ judgeId }: { readonly judgeId: string }) {
  const { data: run } = useQuery(lastRunQuery(judgeId))
  if (run === undefined) return null
  if (run === null)
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    )
  const { answered } = run.outcomes
  const done = run.total - run.pending
  return (
    <Text size="sm" component="div">
      <AnchorLink to="/runs/$runId" params={{ runId: run.id }} size="sm" underline="always">
        {run.state}
      </AnchorLink>{' '}
      <Ago at={run.ended_at ?? run.created_at} />
      <Text size="xs" c="dimmed">
        {done === 0
          ? 'nothing judged yet'
          : `${countText(done)} judged, ${shareText(answered / done)} answered`}
      </Text>
    </Text>
  )
}
