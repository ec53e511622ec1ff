import { Alert, Group, Paper, Select, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { RunComparison } from '../../api/openapi.ts'
import { comparisonQuery, runQuery, runsQuery } from '../../api/runs.ts'
import type { Run } from '../../api/shapes.ts'
import { CrossTable } from '../../components/cross-table.tsx'
import { AnchorLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Empty, Failed, Loading } from '../../components/states.tsx'
import { countOf } from '../../numbers.ts'
import { differenceInWords } from './difference-in-words.ts'
import { Flips } from './flips.tsx'

const route = getRouteApi('/shell/runs/$runId/compare')

/** What changed from one run to another over the same records. */
export function ComparePage() {
  const { runId } = route.useParams()
  const { with: otherId } = route.useSearch()
  const navigate = route.useNavigate()
  const run = useQuery(runQuery(runId))
  if (run.isPending) return <Loading what="the run" />
  if (run.isError) return <Failed error={run.error} onRetry={() => run.refetch()} />
  return (
    <>
      <PageHeader
        title="Compare two runs"
        above={[
          { to: '/runs', label: 'Runs' },
          { to: `/runs/${runId}`, label: run.data.name },
        ]}
      />
      <Stack>
        <OtherRun
          run={run.data}
          value={otherId}
          onChange={(other) => navigate({ search: { with: other }, replace: true })}
        />
        {otherId === undefined ? (
          <Empty title="Choose the other run">Runs over the same dataset say most: record by record.</Empty>
        ) : (
          <Comparison runId={runId} otherId={otherId} />
        )}
      </Stack>
    </>
  )
}

interface OtherRunProps {
  readonly run: Run
  readonly value: string | undefined
  readonly onChange: (runId: string | undefined) => void
}

function OtherRun({ run, value, onChange }: OtherRunProps) {
  const { data } = useQuery(runsQuery(run.dataset_id === null ? {} : { dataset: run.dataset_id }, 100))
  const others = (data?.results ?? []).filter(({ id }) => id !== run.id)
  return (
    <Select
      label="With the run"
      description="The second of the two; changes are told from the first to it"
      placeholder={others.length === 0 ? 'There is no other run over this dataset' : 'Choose one'}
      searchable
      clearable
      maw={520}
      data={others.map((other) => ({
        value: other.id,
        label: `${other.name}, ${other.model_name}, ${new Date(other.created_at).toLocaleString('en')}`,
      }))}
      value={value ?? null}
      onChange={(other) => onChange(other ?? undefined)}
    />
  )
}

function Comparison({ runId, otherId }: { readonly runId: string; readonly otherId: string }) {
  const comparison = useQuery(comparisonQuery(runId, otherId))
  if (comparison.isPending) return <Loading what="the comparison" />
  if (comparison.isError) return <Failed error={comparison.error} onRetry={() => comparison.refetch()} />
  const { data } = comparison
  return (
    <Stack>
      {data.reason !== null && <Alert color="orange">{data.reason}</Alert>}
      <Paper withBorder p="md">
        <Stack gap={6}>
          {differenceInWords(data).map((sentence) => (
            <Text key={sentence}>{sentence}</Text>
          ))}
          <Records records={data.records} />
        </Stack>
      </Paper>
      {data.flips !== null && data.flips.count > 0 && (
        <Flips runId={runId} otherId={otherId} comparison={data} />
      )}
      {data.cross_table !== null && (
        <Paper withBorder p="md">
          <Text fw={600} mb="sm">
            Answers of both
          </Text>
          <CrossTable {...data.cross_table} rows="First run" columns="Second run" />
        </Paper>
      )}
      <Differences comparison={data} />
    </Stack>
  )
}

function Records({ records }: { readonly records: RunComparison['records'] }) {
  const only = (counts: Readonly<Record<string, number | undefined>>) =>
    Object.values(counts).reduce<number>((sum, count = 0) => sum + count, 0)
  const [onlyInFirst, onlyInSecond] = [only(records.only_in_first), only(records.only_in_second)]
  return (
    <Text size="sm" c="dimmed">
      {countOf(records.answered_by_both, 'record')} answered by both; {only(records.answered_by_first_only)}{' '}
      by the first only, {only(records.answered_by_second_only)} by the second only,{' '}
      {records.answered_by_neither} by neither. Only those answered by both are compared.
      {onlyInFirst + onlyInSecond > 0 &&
        ` In the first run alone: ${countOf(onlyInFirst, 'record')}; in the second alone: ${countOf(onlyInSecond, 'record')}.`}
    </Text>
  )
}

function Differences({ comparison }: { readonly comparison: RunComparison }) {
  const { first, second, differences } = comparison
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm">
        What is not the same in both
      </Text>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              {[first, second].map(({ id, name }, index) => (
                <Table.Th key={id}>
                  {index === 0 ? 'First' : 'Second'}:{' '}
                  <AnchorLink to="/runs/$runId" params={{ runId: id }} inherit>
                    {name}
                  </AnchorLink>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differences.map(({ what, first: before, second: after }) => (
              <Table.Tr key={what}>
                <Table.Td>{what}</Table.Td>
                <Table.Td>{before ?? 'none, or too long to show'}</Table.Td>
                <Table.Td>{after ?? 'none, or too long to show'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {differences.length === 0 && (
        <Group>
          <Text size="sm" c="dimmed">
            Nothing: the same revision, model and settings. What changed is chance.
          </Text>
        </Group>
      )}
    </Paper>
  )
}
