import { Button, Menu, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconDots,
  IconDownload,
  IconPencil,
  IconPlayerPlay,
  IconPlus,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { changeDataset, removeDataset } from '../../api/datasets.ts'
import type { Dataset } from '../../api/shapes.ts'
import { ConfirmRemoval } from '../../components/confirm-removal.tsx'
import { ButtonLink } from '../../components/links.tsx'
import { FailedNote, Loading } from '../../components/states.tsx'
import { FileImport } from './file-import.tsx'

const NewRecord = lazy(() => import('./new-record.tsx').then((file) => ({ default: file.NewRecord })))

const route = getRouteApi('/shell/datasets/$datasetId')
const size = 16

const dialogs = {
  upload: 'Add a file',
  record: 'Add a record',
  rename: 'Rename',
  remove: 'Delete the dataset',
} as const
type DialogName = keyof typeof dialogs

interface DialogProps {
  readonly dataset: Dataset
  readonly onClose: () => void
}

/** What can be done with a dataset. */
export function DatasetActions({ dataset }: { readonly dataset: Dataset }) {
  const [dialog, setDialog] = useState<DialogName>()
  const close = () => setDialog(undefined)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPlus size={size} aria-hidden />} onClick={() => setDialog('record')}>
            Add a record by hand
          </Menu.Item>
          <Menu.Item
            component="a"
            href={`/v1/observability/datasets/${dataset.id}/exports/records.jsonl`}
            download
            leftSection={<IconDownload size={size} aria-hidden />}
          >
            Download as JSON lines
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={size} aria-hidden />} onClick={() => setDialog('rename')}>
            Rename
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={size} aria-hidden />}
            onClick={() => setDialog('remove')}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        leftSection={<IconUpload size={size} aria-hidden />}
        onClick={() => setDialog('upload')}
      >
        Add a file
      </Button>
      <ButtonLink
        to="/runs/new"
        search={{ dataset: dataset.id }}
        leftSection={<IconPlayerPlay size={size} aria-hidden />}
      >
        Run a judge on it
      </ButtonLink>
      <Modal opened={dialog !== undefined} onClose={close} title={dialog && dialogs[dialog]} size="lg">
        {dialog === 'upload' && <Uploading dataset={dataset} onClose={close} />}
        {dialog === 'record' && (
          <Suspense fallback={<Loading what="the editor" />}>
            <NewRecord datasetId={dataset.id} onAdded={close} />
          </Suspense>
        )}
        {dialog === 'rename' && <Renaming dataset={dataset} onClose={close} />}
        {dialog === 'remove' && <Removing dataset={dataset} onClose={close} />}
      </Modal>
    </>
  )
}

function Uploading({ dataset, onClose }: DialogProps) {
  const navigate = route.useNavigate()
  return (
    <FileImport
      findDataset={async () => dataset.id}
      isReady
      label="Import the file"
      onImporting={({ id }) => {
        onClose()
        void navigate({ search: { task: id } })
      }}
    />
  )
}

function Renaming({ dataset, onClose }: DialogProps) {
  const queryClient = useQueryClient()
  const [name, setName] = useState(dataset.name)
  const [description, setDescription] = useState(dataset.description)
  const saving = useMutation({
    mutationFn: () => changeDataset(dataset.id, { name: name.trim(), description }),
    onSuccess: async () => {
      onClose()
      await queryClient.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
  return (
    <Stack>
      <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea
        label="Description"
        autosize
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {saving.isError && <FailedNote error={saving.error} />}
      <Button disabled={name.trim() === ''} loading={saving.isPending} onClick={() => saving.mutate()}>
        Save
      </Button>
    </Stack>
  )
}

function Removing({ dataset, onClose }: DialogProps) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const removing = useMutation({
    mutationFn: () => removeDataset(dataset.id),
    onSuccess: async () => {
      notifications.show({ message: `“${dataset.name}” is deleted.` })
      await navigate({ to: '/datasets' })
      await queryClient.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
  return (
    <ConfirmRemoval removing={removing} onCancel={onClose}>
      “{dataset.name}” goes with all its records and their labels. This can not be undone.
    </ConfirmRemoval>
  )
}
