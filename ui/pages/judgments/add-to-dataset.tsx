import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCheck, IconDatabasePlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addRecord } from '../../api/records.ts'
import type { Material } from '../../api/shapes.ts'
import { AnchorLink, ButtonLink } from '../../components/links.tsx'
import { DatasetSelect } from '../../components/pickers.tsx'
import { FailedNote } from '../../components/states.tsx'

interface AddToDatasetProps {
  readonly conversation: Material
}

/** Makes a record of what was judged, so that people can label it and runs judge it again. */
export function AddToDataset({ conversation }: AddToDatasetProps) {
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDatabasePlus size={16} aria-hidden />}
        onClick={open}
        aria-haspopup="dialog"
      >
        Add to a dataset
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title="Add to a dataset"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Adder conversation={conversation} />
      </Modal>
    </>
  )
}

function Adder({ conversation: { messages, properties } }: AddToDatasetProps) {
  const queryClient = useQueryClient()
  const [datasetId, setDatasetId] = useState<string | null>(null)
  const adding = useMutation({
    mutationFn: async (to: string) => ({
      datasetId: to,
      record: await addRecord(to, { payload: { messages }, properties: properties ?? {} }),
    }),
    onSuccess: async (_, to) => {
      await queryClient.invalidateQueries({ queryKey: ['records', 'of-dataset', to] })
      await queryClient.invalidateQueries({ queryKey: ['datasets', 'count', to] })
    },
  })
  function choose(id: string | null) {
    setDatasetId(id)
    adding.reset()
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        What was judged becomes a record, which people can label and runs judge again. The judgment stays as
        it is.
      </Text>
      <DatasetSelect
        label="Dataset"
        description={
          <>
            There is none that fits?{' '}
            <AnchorLink to="/datasets/new" size="xs" underline="always">
              Make one
            </AnchorLink>{' '}
            first.
          </>
        }
        placeholder="Find a dataset"
        value={datasetId}
        disabled={adding.isPending}
        onChange={choose}
        data-autofocus
      />
      {adding.isError && <FailedNote error={adding.error} title="It was not added" />}
      {adding.data === undefined ? (
        <Group>
          <Button
            disabled={datasetId === null}
            loading={adding.isPending}
            onClick={() => datasetId !== null && adding.mutate(datasetId)}
          >
            Add it
          </Button>
        </Group>
      ) : (
        <Alert color="green" role="status" icon={<IconCheck aria-hidden />} title="It is added">
          <ButtonLink
            to="/datasets/$datasetId"
            params={{ datasetId: adding.data.datasetId }}
            search={{ record: adding.data.record }}
            variant="default"
            size="xs"
          >
            Open the record
          </ButtonLink>
        </Alert>
      )}
    </Stack>
  )
}
