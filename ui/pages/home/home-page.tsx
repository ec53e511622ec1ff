import { Grid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { datasetsQuery } from '../../api/datasets.ts'
import { judgesQuery } from '../../api/judges.ts'
import { runsQuery } from '../../api/runs.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { countOf } from '../../numbers.ts'
import { FailingJudges } from './failing-judges.tsx'
import { FirstSteps } from './first-steps.tsx'
import { RunningNow } from './running-now.tsx'
import { UsageCharts } from './usage-charts.tsx'

/** What goes on: runs, judgments and their cost, and what fails. */
export function HomePage() {
  const judges = useQuery(judgesQuery({}))
  const datasets = useQuery(datasetsQuery(undefined))
  const runs = useQuery(runsQuery({}))
  const failed = [judges, datasets, runs].find(({ isError }) => isError)
  if (failed !== undefined) return <Failed error={failed.error as Error} onRetry={() => failed.refetch()} />
  if (judges.data === undefined || datasets.data === undefined || runs.data === undefined)
    return <Loading what="the overview" />
  const counts = { judges: judges.data.count, datasets: datasets.data.count, runs: runs.data.count }
  return (
    <>
      <PageHeader
        title="Home"
        description={
          <Text span className="numbers">
            {countOf(counts.judges, 'judge')}, {countOf(counts.datasets, 'dataset')},{' '}
            {countOf(counts.runs, 'run')}
          </Text>
        }
      />
      <Stack gap="lg">
        {counts.runs === 0 && <FirstSteps {...counts} />}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <UsageCharts />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="lg">
              <RunningNow />
              <FailingJudges />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  )
}
