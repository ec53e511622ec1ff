import { Group, Pagination, Select, Table, Text } from '@mantine/core'
import { IconPlayerPlay, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type RunState, runStates, runsPerPage, runsQuery } from '../../api/runs.ts'
import type { Run } from '../../api/shapes.ts'
import { Ago } from '../../components/ago.tsx'
import { AnchorLink, ButtonLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { DatasetSelect, JudgeSelect } from '../../components/pickers.tsx'
import { Empty, Failed, Loading } from '../../components/states.tsx'
import { costText, countOf } from '../../numbers.ts'
import { RunProgress } from './run-progress.tsx'
import { RunStateBadge } from './run-state-badge.tsx'

const route = getRouteApi('/shell/runs')
const seenEveryMs = 2_000

export function RunsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const runs = useQuery({
    ...runsQuery(search),
    refetchInterval: ({ state }) =>
      state.data?.results.some((run) => run.state === 'running') ? seenEveryMs : false,
  })
  return (
    <>
      <PageHeader
        title="Runs"
        description={runs.data && countOf(runs.data.count, 'run')}
        actions={
          <ButtonLink to="/runs/new" leftSection={<IconPlus size={16} aria-hidden />}>
            New run
          </ButtonLink>
        }
      />
      <Filters />
      {runs.isPending && <Loading what="runs" />}
      {runs.isError && <Failed error={runs.error} onRetry={() => runs.refetch()} />}
      {runs.data?.count === 0 && <NoRuns isFiltered={Object.keys(search).length > 0} />}
      {runs.data !== undefined && runs.data.count > 0 && <RunsTable runs={runs.data.results} />}
      {runs.data !== undefined && runs.data.count > runsPerPage && (
        <Pagination
          mt="md"
          total={Math.ceil(runs.data.count / runsPerPage)}
          value={search.page ?? 1}
          onChange={(page) => navigate({ search: { ...search, page } })}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        />
      )}
    </>
  )
}

function Filters() {
  const { page: _, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <Group mb="md" gap="sm">
      <JudgeSelect
        value={search.judge ?? null}
        onChange={(judge) => navigate({ search: { ...search, judge: judge ?? undefined } })}
        placeholder="Any judge"
        aria-label="Judge"
        clearable
        w={240}
      />
      <DatasetSelect
        value={search.dataset ?? null}
        onChange={(dataset) => navigate({ search: { ...search, dataset: dataset ?? undefined } })}
        placeholder="Any dataset"
        aria-label="Dataset"
        clearable
        w={240}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        w={150}
        data={[...runStates]}
        value={search.state ?? null}
        onChange={(state) =>
          navigate({ search: { ...search, state: (state as RunState | null) ?? undefined } })
        }
      />
    </Group>
  )
}

function NoRuns({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No run fits">Take a filter away.</Empty>
  return (
    <Empty
      icon={<IconPlayerPlay size={36} stroke={1.5} aria-hidden />}
      title="No run yet"
      action={<ButtonLink to="/runs/new">Start the first one</ButtonLink>}
    >
      A run has a judge look at every record of a dataset.
    </Empty>
  )
}

function RunsTable({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Run</Table.Th>
            <Table.Th w={120}>State</Table.Th>
            <Table.Th w={220}>Progress</Table.Th>
            <Table.Th w={110}>Cost</Table.Th>
            <Table.Th w={140}>Started</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <AnchorLink to="/runs/$runId" params={{ runId: run.id }} fw={600}>
                  {run.name}
                </AnchorLink>
                <Text size="xs" c="dimmed">
                  {run.model_name}
                  {run.samples > 1 && `, ${run.samples} samples each`}
                </Text>
              </Table.Td>
              <Table.Td>
                <RunStateBadge state={run.state} />
              </Table.Td>
              <Table.Td>
                <RunProgress run={run} />
              </Table.Td>
              <Table.Td className="numbers">{costText(run.cost)}</Table.Td>
              <Table.Td>
                <Ago at={run.created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
