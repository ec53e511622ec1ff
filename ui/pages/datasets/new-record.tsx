import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addRecord } from '../../api/records.ts'
import { JsonEditor } from '../../components/json-editor.tsx'
import { FailedNote } from '../../components/states.tsx'
import { readRecordTexts } from './read-record-texts.ts'

const start = {
  payload: JSON.stringify(
    {
      messages: [
        { role: 'user', content: '' },
        { role: 'assistant', content: '' },
      ],
    },
    null,
    2,
  ),
  properties: '{}',
}

/** Adds one record by hand. */
export function NewRecord({
  datasetId,
  onAdded,
}: {
  readonly datasetId: string
  readonly onAdded: () => void
}) {
  const queryClient = useQueryClient()
  const [texts, setTexts] = useState(start)
  const adding = useMutation({
    mutationFn: async () => addRecord(datasetId, readRecordTexts(texts)),
    onSuccess: async () => {
      onAdded()
      await queryClient.invalidateQueries({ queryKey: ['records', 'of-dataset', datasetId] })
      await queryClient.invalidateQueries({ queryKey: ['datasets', 'count', datasetId] })
    },
  })
  return (
    <Stack>
      <JsonEditor
        label="Messages"
        start={start.payload}
        onChange={(payload) => setTexts((before) => ({ ...before, payload }))}
      />
      <JsonEditor
        label="Properties"
        start={start.properties}
        onChange={(properties) => setTexts((before) => ({ ...before, properties }))}
      />
      {adding.isError && <FailedNote error={adding.error} title="It was not added" />}
      <Group>
        <Button loading={adding.isPending} onClick={() => adding.mutate()}>
          Add the record
        </Button>
      </Group>
    </Stack>
  )
}
