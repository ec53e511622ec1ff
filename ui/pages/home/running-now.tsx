import { Paper, Stack, Text } from '@mantine/core'
import type { Run } from '../../api/shapes.ts'
import { AnchorLink } from '../../components/links.tsx'
import { RunProgress } from '../runs/run-progress.tsx'

interface RunningNowProps {
  /** The newest of them. */
  readonly runs: readonly Run[]
  readonly count: number
}

/** Runs that go on, with how far they are. */
export function RunningNow({ runs, count }: RunningNowProps) {
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm" component="h2">
        Running now
      </Text>
      {count === 0 && (
        <Text size="sm" c="dimmed">
          Nothing runs.{' '}
          <AnchorLink to="/runs/new" size="sm" underline="always">
            Start a run
          </AnchorLink>
        </Text>
      )}
      <Stack gap="sm">
        {runs.map((run) => (
          <div key={run.id}>
            <AnchorLink to="/runs/$runId" params={{ runId: run.id }} size="sm" fw={600}>
              {run.name}
            </AnchorLink>
            <RunProgress run={run} />
          </div>
        ))}
      </Stack>
      {count > runs.length && (
        <AnchorLink to="/runs" search={{ state: 'running' }} size="sm">
          All {count} that run
        </AnchorLink>
      )}
    </Paper>
  )
}
