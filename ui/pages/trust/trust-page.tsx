import { Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconScale } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { runsQuery } from '../../api/runs.ts'
import type { Agreement, Run } from '../../api/shapes.ts'
import { agreementQuery } from '../../api/trust.ts'
import { Ago } from '../../components/ago.tsx'
import { AnchorLink, ButtonLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Empty, Failed, Loading } from '../../components/states.tsx'
import { countOf, numberText, shareText } from '../../numbers.ts'
import { EstimateShort } from './estimate-short.tsx'
import { LeftOut } from './left-out.tsx'

const mostRuns = 100
const mostJudges = 12

/** Of each judge the latest run with answers, and how far it can be trusted. */
export function TrustPage() {
  const runs = useQuery(runsQuery({}, mostRuns))
  return (
    <>
      <PageHeader
        title="Trust"
        description="A judge is a measuring instrument. Labels of people on some records tell how far it can be believed on all of them, and correct what it measures."
      />
      {runs.isPending && <Loading what="runs" />}
      {runs.isError && <Failed error={runs.error} onRetry={() => runs.refetch()} />}
      {runs.data !== undefined && <LatestRuns runs={latestOfJudges(runs.data.results)} />}
    </>
  )
}

function latestOfJudges(runs: readonly Run[]): readonly Run[] {
  const latest = new Map<string, Run>()
  for (const run of runs) {
    if (run.outcomes.answered > 0 && !latest.has(run.judge_id)) latest.set(run.judge_id, run)
  }
  return [...latest.values()].slice(0, mostJudges)
}

function LatestRuns({ runs }: { readonly runs: readonly Run[] }) {
  if (runs.length === 0)
    return (
      <Empty
        icon={<IconScale size={36} stroke={1.5} aria-hidden />}
        title="There is no run to label yet"
        action={<ButtonLink to="/runs/new">Start a run</ButtonLink>}
      >
        Run a judge on a dataset first. Then label some of its records here.
      </Empty>
    )
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {runs.map((run) => (
        <RunCard key={run.id} run={run} />
      ))}
    </SimpleGrid>
  )
}

function RunCard({ run }: { readonly run: Run }) {
  const { data, error, refetch } = useQuery({ ...agreementQuery(run.id), staleTime: 30_000 })
  const params = { runId: run.id }
  return (
    <Paper withBorder p="md">
      <Stack gap="sm" justify="space-between" h="100%">
        <div>
          <AnchorLink to="/runs/$runId" params={params} fw={600}>
            {run.name}
          </AnchorLink>
          <Text size="sm" c="dimmed">
            {countOf(run.outcomes.answered, 'answer')}, <Ago at={run.created_at} />
          </Text>
        </div>
        {data !== undefined && <Summary agreement={data} />}
        {data === undefined && error === null && <Loading what="labels" />}
        {data === undefined && error !== null && <Failed error={error} onRetry={() => refetch()} />}
        <Group gap="xs">
          <ButtonLink to="/runs/$runId/trust" params={params} variant="default" size="xs">
            Read the report
          </ButtonLink>
          <ButtonLink to="/runs/$runId/label" params={params} variant="default" size="xs">
            Label
          </ButtonLink>
        </Group>
      </Stack>
    </Paper>
  )
}

function Summary({ agreement: { agreement, labels, estimate } }: { readonly agreement: Agreement }) {
  if (labels.records === 0)
    return <Text size="sm">No labels yet: nobody knows how far it can be believed.</Text>
  const measure = labels.compared === 0 ? undefined : measureInWords(agreement)
  return (
    <div>
      <Text size="sm">
        {measure ?? `${countOf(labels.records, 'labelled record')}, none of which can be compared yet.`}
      </Text>
      {labels.compared === 0 && <LeftOut labels={labels} />}
      <EstimateShort estimate={estimate} />
    </div>
  )
}

function measureInWords(agreement: Agreement['agreement']): string | undefined {
  const measure = agreement?.type === 'CLASSIFICATION' ? agreement.accuracy : agreement?.mean_absolute_error
  if (!measure) return undefined
  const records = countOf(measure.count, 'record')
  return agreement?.type === 'CLASSIFICATION'
    ? `It agrees with people on ${shareText(measure.value)} of ${records}.`
    : `It is ${numberText(measure.value)} off on the mean, on ${records}.`
}
