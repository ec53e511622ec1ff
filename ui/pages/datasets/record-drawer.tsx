import { ActionIcon, Button, Drawer, Group, Stack, Tabs, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconChevronDown, IconChevronUp, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { recordQuery, recordsQuery, removeRecord } from '../../api/records.ts'
import type { DatasetRecord } from '../../api/shapes.ts'
import { Conversation } from '../../components/conversation/conversation.tsx'
import { Failed, FailedNote, Loading } from '../../components/states.tsx'
import { rowsPerPage } from '../../components/virtual-table.tsx'
import { countText } from '../../numbers.ts'

const RecordEditor = lazy(() =>
  import('./record-editor.tsx').then((file) => ({ default: file.RecordEditor })),
)

const route = getRouteApi('/shell/datasets/$datasetId')

interface RecordDrawerProps {
  readonly datasetId: string
  readonly count: number
  /** Of the record in the table, from 0, where it was opened from there. */
  readonly index: number | undefined
  readonly onStep: (index: number) => void
}

/** One record, to read and to change; `j` and `k` go on to the next and back. */
export function RecordDrawer(props: RecordDrawerProps) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { record: recordId } = search
  const record = useQuery({ ...recordQuery(recordId ?? ''), enabled: recordId !== undefined })
  const close = () => navigate({ search: { ...search, record: undefined } })
  return (
    <Drawer
      opened={recordId !== undefined}
      onClose={close}
      position="right"
      size="xl"
      title={recordId !== undefined && <Steps {...props} />}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {record.isFetching && record.data === undefined && <Loading what="the record" />}
      {record.isError && <Failed error={record.error} onRetry={() => record.refetch()} />}
      {record.data !== undefined && <ShownRecord key={recordId} record={record.data} onRemoved={close} />}
    </Drawer>
  )
}

function Steps({ datasetId, count, index, onStep }: RecordDrawerProps) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const queryClient = useQueryClient()
  async function step(by: number) {
    const next = (index ?? 0) + by
    if (index === undefined || next < 0 || next >= count) return
    const page = Math.floor(next / rowsPerPage) + 1
    const { results } = await queryClient.fetchQuery(recordsQuery(datasetId, page))
    const record = results[next % rowsPerPage]
    if (record === undefined) return
    onStep(next)
    await navigate({ search: { ...search, record: record.id }, replace: true })
  }
  useHotkeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
  ])
  return (
    <Group gap="xs">
      <Text fw={600}>{index === undefined ? 'Record' : `Record ${countText(index + 1)}`}</Text>
      {index !== undefined && (
        <>
          <ActionIcon
            variant="default"
            aria-label="The one before"
            disabled={index === 0}
            onClick={() => step(-1)}
          >
            <IconChevronUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label="The next one"
            disabled={index + 1 >= count}
            onClick={() => step(1)}
          >
            <IconChevronDown size={16} aria-hidden />
          </ActionIcon>
        </>
      )}
    </Group>
  )
}

function ShownRecord({
  record,
  onRemoved,
}: {
  readonly record: DatasetRecord
  readonly onRemoved: () => void
}) {
  const queryClient = useQueryClient()
  const removing = useMutation({
    mutationFn: () => removeRecord(record.id),
    onSuccess: async () => {
      notifications.show({ message: 'The record is deleted.' })
      onRemoved()
      await queryClient.invalidateQueries({ queryKey: ['records', 'of-dataset'] })
      await queryClient.invalidateQueries({ queryKey: ['datasets', 'count'] })
    },
  })
  return (
    <Tabs defaultValue="read">
      <Tabs.List mb="md">
        <Tabs.Tab value="read">Read</Tabs.Tab>
        <Tabs.Tab value="edit">Edit</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="read">
        <Stack>
          <Conversation messages={record.payload.messages} properties={record.properties} />
          {removing.isError && <FailedNote error={removing.error} />}
          <Group>
            <Button
              variant="light"
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              loading={removing.isPending}
              onClick={() => window.confirm('Delete this record, with its labels?') && removing.mutate()}
            >
              Delete the record
            </Button>
          </Group>
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="edit">
        <Suspense fallback={<Loading what="the editor" />}>
          <RecordEditor record={record} />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  )
}
