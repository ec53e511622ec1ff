import { Drawer, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, taken } from '../../api/client.ts'
import { outputQuery, recordMaterialQuery } from '../../api/judgments.ts'
import type { Flip, RunComparison } from '../../api/openapi.ts'
import { AnswerBadge } from '../../components/answer.tsx'
import { Conversation } from '../../components/conversation/conversation.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { StepButtons } from '../../components/step-buttons.tsx'
import {
  CellText,
  type Column,
  type Rows,
  rowsPerPage,
  VirtualTable,
} from '../../components/virtual-table.tsx'
import { numberText } from '../../numbers.ts'

const route = getRouteApi('/shell/runs/$runId/compare')

function flipsQuery(runId: string, otherId: string, page: number) {
  return queryOptions({
    queryKey: ['runs', 'flips', runId, otherId, page],
    queryFn: async ({ signal }): Promise<Rows<Flip>> => {
      const query = { with: otherId, page: String(page), page_size: String(rowsPerPage) }
      const params = { path: { run_id: runId }, query }
      return (await taken(api.GET('/v1/observability/runs/{run_id}/comparison/flips', { params, signal })))
        .flips
    },
  })
}

interface FlipsProps {
  readonly runId: string
  readonly otherId: string
  readonly comparison: RunComparison
}

/** The records whose answer changed, the largest changes first. */
export function Flips({ runId, otherId, comparison }: FlipsProps) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const output = useQuery(outputQuery(comparison.first.revision_id)).data
  const columns: Column<Flip>[] = [
    {
      header: 'Record',
      width: '90px',
      cell: ({ item_number: number }) => <CellText dimmed>{number}</CellText>,
    },
    {
      header: 'First',
      width: '150px',
      cell: ({ first }) => <AnswerBadge answer={first.answer} output={output} />,
    },
    {
      header: 'Second',
      width: '150px',
      cell: ({ second }) => <AnswerBadge answer={second.answer} output={output} />,
    },
    ...(comparison.numbers === null
      ? []
      : [
          {
            header: 'Change',
            width: '100px',
            cell: ({ change }: Flip) => <CellText>{change === null ? '' : numberText(change)}</CellText>,
          },
        ]),
    {
      header: 'What the second says',
      width: 'minmax(220px, 1fr)',
      cell: ({ second }) => <CellText>{second.analysis ?? 'not kept'}</CellText>,
    },
  ]
  return (
    <Stack gap="xs">
      <Text fw={600} component="h2" size="lg">
        Answers that changed
      </Text>
      <VirtualTable
        label="Answers that changed"
        columns={columns}
        pageQuery={(page) => flipsQuery(runId, otherId, page)}
        onOpen={(_, index) => navigate({ search: { ...search, flip: index + 1 } })}
        height="380px"
        empty={null}
      />
      <FlipDrawer runId={runId} otherId={otherId} comparison={comparison} />
    </Stack>
  )
}

/** The flip that the address names by its place among them all. */
function FlipDrawer({ runId, otherId, comparison }: FlipsProps) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { flip: place = 1 } = search
  const isOpen = search.flip !== undefined
  const page = Math.floor((place - 1) / rowsPerPage) + 1
  const flips = useQuery({ ...flipsQuery(runId, otherId, page), enabled: isOpen })
  const flip = flips.data?.results[(place - 1) % rowsPerPage]
  const show = (next: number | undefined) =>
    navigate({ search: { ...search, flip: next }, replace: next !== undefined })
  return (
    <Drawer
      opened={isOpen}
      onClose={() => show(undefined)}
      position="right"
      size="xl"
      title={
        isOpen && (
          <Group gap="xs">
            <Text fw={600}>Record {flip?.item_number}</Text>
            <StepButtons
              onPrevious={place > 1 ? () => show(place - 1) : undefined}
              onNext={place < (flips.data?.count ?? 0) ? () => show(place + 1) : undefined}
            />
          </Group>
        )
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isOpen && flips.isPending && <Loading what="the record" />}
      {flips.isError && <Failed error={flips.error} onRetry={() => flips.refetch()} />}
      {flips.isSuccess && flip === undefined && (
        <Text c="dimmed">No answer that changed stands at this place.</Text>
      )}
      {flip !== undefined && <FlipInFull flip={flip} comparison={comparison} />}
    </Drawer>
  )
}

function FlipInFull({ flip, comparison }: { readonly flip: Flip; readonly comparison: RunComparison }) {
  const output = useQuery(outputQuery(comparison.first.revision_id)).data
  const record = useQuery(recordMaterialQuery(flip.record_id))
  return (
    <Stack>
      <Group gap="xs">
        <AnswerBadge answer={flip.first.answer} output={output} />
        <IconArrowRight size={16} aria-label="became" />
        <AnswerBadge answer={flip.second.answer} output={output} />
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {(
          [
            [comparison.first.name, flip.first.analysis],
            [comparison.second.name, flip.second.analysis],
          ] as const
        ).map(([name, analysis], index) => (
          <Paper key={index === 0 ? 'first' : 'second'} withBorder p="sm">
            <Text size="xs" c="dimmed" mb={4}>
              {index === 0 ? 'First' : 'Second'}: {name}
            </Text>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
              {analysis ?? 'The settings keep no analysis.'}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      {record.isPending && <Loading what="the record" />}
      {record.isError && <Failed error={record.error} />}
      {record.data !== undefined && <Conversation {...record.data} />}
    </Stack>
  )
}
