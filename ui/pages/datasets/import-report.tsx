import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconCheck, IconDownload } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { importTaskQuery, refusalsQuery } from '../../api/imports.ts'
import type { ImportRefusal } from '../../api/openapi.ts'
import type { ImportTask } from '../../api/shapes.ts'
import { Failed, FailedNote, Loading } from '../../components/states.tsx'
import { CellText, type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { countOf, countText } from '../../numbers.ts'

interface ImportReportProps {
  readonly datasetId: string
  readonly taskId: string
}

/** How an import goes, and which lines became no record. */
export function ImportReport({ datasetId, taskId }: ImportReportProps) {
  const queryClient = useQueryClient()
  const task = useQuery(importTaskQuery(datasetId, taskId))
  const taken = task.data?.lines_taken
  // biome-ignore lint/correctness/useExhaustiveDependencies: records are looked at again when there are more
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: ['records', 'of-dataset', datasetId] })
    void queryClient.invalidateQueries({ queryKey: ['datasets', 'count', datasetId] })
  }, [taken, datasetId, queryClient])
  if (task.isPending) return <Loading what="the import" />
  if (task.isError) return <Failed error={task.error} onRetry={() => task.refetch()} />
  return (
    <Stack>
      <State task={task.data} />
      {task.data.lines_refused > 0 && <Refusals datasetId={datasetId} task={task.data} />}
    </Stack>
  )
}

function State({ task }: { readonly task: ImportTask }) {
  if (task.status === 'RUNNING')
    return (
      <Stack gap={4}>
        <Progress value={task.progress ?? 0} animated aria-label="Imported" />
        <Text size="sm" c="dimmed" className="numbers">
          {countText(task.lines_read)} lines read, {countText(task.lines_taken)} records,{' '}
          {countText(task.lines_refused)} refused
        </Text>
      </Stack>
    )
  if (task.status === 'COMPLETED')
    return (
      <Alert color="green" icon={<IconCheck aria-hidden />}>
        {countOf(task.lines_taken, 'record')} imported
        {task.lines_refused > 0 && `, ${countOf(task.lines_refused, 'line')} refused`}. {task.message}
      </Alert>
    )
  return (
    <FailedNote error={new Error(task.message ?? 'It ended before it was done.')} title="The import failed" />
  )
}

const columns: readonly Column<ImportRefusal>[] = [
  { header: 'Line', width: '90px', cell: ({ line }) => <CellText>{countText(line)}</CellText> },
  {
    header: 'Why it became no record',
    width: 'minmax(280px, 1fr)',
    cell: ({ reason }) => (
      <Text size="sm" truncate title={reason}>
        {reason}
      </Text>
    ),
  },
]

function Refusals({ datasetId, task }: { readonly datasetId: string; readonly task: ImportTask }) {
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>Refused lines</Text>
        <Button
          component="a"
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          href={`/v1/observability/datasets/${datasetId}/tasks/${task.id}/refusals?page_size=100`}
          download={`refused-${task.id}.json`}
        >
          Download the first hundred
        </Button>
      </Group>
      <VirtualTable
        label="Refused lines"
        columns={columns}
        pageQuery={(page) => refusalsQuery(datasetId, task.id, page)}
        height="260px"
        rowHeight={38}
        empty={null}
      />
    </Stack>
  )
}
