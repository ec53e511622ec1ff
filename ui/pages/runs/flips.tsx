import { Drawer, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, taken } from '../../api/client.ts'
import { outputQuery, recordMaterialQuery } from '../../api/judgments.ts'
import type { Flip, RunComparison } from '../../api/openapi.ts'
import { AnswerBadge } from '../../components/answer.tsx'
import { Conversation } from '../../components/conversation/conversation.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import {
  CellText,
  type Column,
  type Rows,
  rowsPerPage,
  VirtualTable,
} from '../../components/virtual-table.tsx'
import { numberText } from '../../numbers.ts'

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
  const [shown, setShown] = useState<Flip>()
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
        onOpen={setShown}
        height="380px"
        empty={null}
      />
      <Drawer
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        position="right"
        size="xl"
        title={`Record ${shown?.item_number ?? ''}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {shown !== undefined && <FlipInFull flip={shown} comparison={comparison} />}
      </Drawer>
    </Stack>
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
