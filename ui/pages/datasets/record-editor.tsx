import { Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { changeRecord } from '../../api/records.ts'
import type { DatasetRecord } from '../../api/shapes.ts'
import { JsonEditor } from '../../components/json-editor.tsx'
import { FailedNote } from '../../components/states.tsx'
import { readRecordTexts } from './read-record-texts.ts'

/** Changes a record's messages and properties, as JSON. */
export function RecordEditor({ record }: { readonly record: DatasetRecord }) {
  const queryClient = useQueryClient()
  const start = useMemo(
    () => ({
      payload: JSON.stringify(record.payload, null, 2),
      properties: JSON.stringify(record.properties, null, 2),
    }),
    [record],
  )
  const [texts, setTexts] = useState(start)
  const saving = useMutation({
    mutationFn: async () => {
      const { payload, properties } = readRecordTexts(texts)
      await changeRecord(record.id, {
        ...(texts.payload !== start.payload && { payload }),
        ...(texts.properties !== start.properties && { properties }),
      })
    },
    onSuccess: async () => {
      notifications.show({ message: 'The record is saved.' })
      await queryClient.invalidateQueries({ queryKey: ['records'] })
    },
  })
  const isChanged = texts.payload !== start.payload || texts.properties !== start.properties
  return (
    <Stack>
      <JsonEditor
        label="Messages, and what stands beside them"
        start={start.payload}
        onChange={(payload) => setTexts((before) => ({ ...before, payload }))}
      />
      <JsonEditor
        label="Properties"
        start={start.properties}
        onChange={(properties) => setTexts((before) => ({ ...before, properties }))}
      />
      {saving.isError && <FailedNote error={saving.error} title="It was not saved" />}
      <Group>
        <Button disabled={!isChanged} loading={saving.isPending} onClick={() => saving.mutate()}>
          Save the record
        </Button>
      </Group>
    </Stack>
  )
}
