import { Anchor, Button, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { createDataset } from '../../api/datasets.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { FailedNote } from '../../components/states.tsx'
import { FileImport } from './file-import.tsx'

/** A dataset, from a file or empty. */
export function NewDatasetPage() {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  // Where the file is refused, the next one goes into the dataset that was made for the first.
  const made = useRef<string>(undefined)
  async function findDataset(): Promise<string> {
    made.current ??= (await createDataset(name.trim(), description)).id
    return made.current
  }
  async function show(datasetId: string, task?: string) {
    await queryClient.invalidateQueries({ queryKey: ['datasets'] })
    await navigate({ to: '/datasets/$datasetId', params: { datasetId }, search: { task } })
  }
  const making = useMutation({ mutationFn: findDataset, onSuccess: (datasetId) => show(datasetId) })
  const isNamed = name.trim() !== ''
  return (
    <>
      <PageHeader title="New dataset" above={[{ to: '/datasets', label: 'Datasets' }]} />
      <Paper withBorder p="md" maw={720}>
        <Stack>
          <TextInput
            label="Name"
            withAsterisk
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            minRows={1}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <FileImport
            findDataset={findDataset}
            isReady={isNamed}
            label="Create it and import the file"
            onImporting={({ id, dataset_id: datasetId }) => show(datasetId, id)}
          />
          {making.isError && <FailedNote error={making.error} />}
          <Text size="sm" c="dimmed">
            Or{' '}
            <Button
              variant="subtle"
              size="compact-sm"
              disabled={!isNamed}
              loading={making.isPending}
              onClick={() => making.mutate()}
            >
              create it empty
            </Button>{' '}
            and add records by hand or by the{' '}
            <Anchor href="/docs" size="sm" underline="always">
              API
            </Anchor>
            .
          </Text>
        </Stack>
      </Paper>
    </>
  )
}
