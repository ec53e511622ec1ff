import { Grid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { overviewQuery } from '../../api/overview.ts'
import { runsQuery } from '../../api/runs.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { countOf } from '../../numbers.ts'
import { FailingJudges } from './failing-judges.tsx'
import { FirstSteps } from './first-steps.tsx'
import { RunningNow } from './running-now.tsx'
import { UsageCharts } from './usage-charts.tsx'

const whileRunningMs = 2_000
const otherwiseMs = 30_000

/** What goes on: runs, judgments and their cost, and what fails. */
export function HomePage() {
  const overview = useQuery({
    ...overviewQuery,
    refetchInterval: ({ state }) => ((state.data?.running.count ?? 0) > 0 ? whileRunningMs : otherwiseMs),
  })
  const { data: anyRun } = useQuery(runsQuery({}, 1))
  if (overview.isPending) return <Loading what="the overview" />
  if (overview.isError) return <Failed error={overview.error} onRetry={() => overview.refetch()} />
  const { counts, running, days, last_7_days: lately } = overview.data
  return (
    <>
      <PageHeader
        title="Home"
        description={
          <Text span className="numbers">
            {countOf(counts.judges, 'judge')}, {countOf(counts.datasets, 'dataset')} with{' '}
            {countOf(counts.records, 'record')}, {countOf(counts.labels, 'label')}
          </Text>
        }
      />
      <Stack gap="lg">
        {anyRun?.count === 0 && <FirstSteps judges={counts.judges} datasets={counts.datasets} runs={0} />}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <UsageCharts days={days} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="lg">
              <RunningNow runs={running.results} count={running.count} />
              <FailingJudges {...lately} />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  )
}
