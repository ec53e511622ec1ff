import { Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { runsQuery } from '../../api/runs.ts'
import { AnchorLink } from '../../components/links.tsx'
import { RunProgress } from '../runs/run-progress.tsx'

const seenEveryMs = 2_000
const mostShown = 6

/** Runs that go on, with how far they are. */
export function RunningNow() {
  const { data } = useQuery({ ...runsQuery({ state: 'running' }, mostShown), refetchInterval: seenEveryMs })
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm" component="h2">
        Running now
      </Text>
      {data?.count === 0 && (
        <Text size="sm" c="dimmed">
          Nothing runs.{' '}
          <AnchorLink to="/runs/new" size="sm" underline="always">
            Start a run
          </AnchorLink>
        </Text>
      )}
      <Stack gap="sm">
        {data?.results.map((run) => (
          <div key={run.id}>
            <AnchorLink to="/runs/$runId" params={{ runId: run.id }} size="sm" fw={600}>
              {run.name}
            </AnchorLink>
            <RunProgress run={run} />
          </div>
        ))}
      </Stack>
      {data !== undefined && data.count > mostShown && (
        <AnchorLink to="/runs" search={{ state: 'running' }} size="sm">
          All {data.count} that run
        </AnchorLink>
      )}
    </Paper>
  )
}
