import { Button, Group, Modal, NumberInput, Select, Stack, Tabs, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, taken } from '../../api/client.ts'
import type { Material } from '../../api/shapes.ts'
import { FailedNote } from '../../components/states.tsx'
import { readPasted } from './read-samples.ts'

interface SampleAdderProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onAdd: (added: readonly Material[]) => void
}

/** Conversations to try a judge on: written, pasted, or from a dataset. */
export function SampleAdder({ isOpen, onClose, onAdd }: SampleAdderProps) {
  function add(added: readonly Material[]) {
    onAdd(added)
    onClose()
  }
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add conversations" size="lg">
      <Tabs defaultValue="write">
        <Tabs.List mb="md">
          <Tabs.Tab value="write">Write one</Tabs.Tab>
          <Tabs.Tab value="paste">Paste JSON</Tabs.Tab>
          <Tabs.Tab value="dataset">From a dataset</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="write">
          <Written onAdd={add} />
        </Tabs.Panel>
        <Tabs.Panel value="paste">
          <Pasted onAdd={add} />
        </Tabs.Panel>
        <Tabs.Panel value="dataset">
          <FromDataset onAdd={add} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  )
}

type AddProps = Pick<SampleAdderProps, 'onAdd'>

function Written({ onAdd }: AddProps) {
  const [user, setUser] = useState('')
  const [assistant, setAssistant] = useState('')
  const messages = [
    ...(user.trim() === '' ? [] : [{ role: 'user', content: user }]),
    ...(assistant.trim() === '' ? [] : [{ role: 'assistant', content: assistant }]),
  ]
  return (
    <Stack>
      <Textarea
        label="The user says"
        autosize
        minRows={2}
        maxRows={10}
        value={user}
        onChange={(event) => setUser(event.currentTarget.value)}
      />
      <Textarea
        label="The assistant answers"
        autosize
        minRows={3}
        maxRows={14}
        value={assistant}
        onChange={(event) => setAssistant(event.currentTarget.value)}
      />
      <Button disabled={messages.length === 0} onClick={() => onAdd([{ messages }])}>
        Add it
      </Button>
    </Stack>
  )
}

function Pasted({ onAdd }: AddProps) {
  const [text, setText] = useState('')
  const [error, setError] = useState<Error>()
  function add() {
    try {
      onAdd(readPasted(text))
    } catch (cause) {
      setError(cause as Error)
    }
  }
  return (
    <Stack>
      <Textarea
        label="Conversations"
        description='{"messages": [{"role": "user", "content": "..."}, ...]}, several of them in an array or one a line'
        autosize
        minRows={6}
        maxRows={16}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setError(undefined)
        }}
      />
      {error !== undefined && <FailedNote error={error} />}
      <Button disabled={text.trim() === ''} onClick={add}>
        Add them
      </Button>
    </Stack>
  )
}

function FromDataset({ onAdd }: AddProps) {
  const [datasetId, setDatasetId] = useState<string | null>(null)
  const [count, setCount] = useState(5)
  const [firstNumber, setFirstNumber] = useState(1)
  const datasets = useQuery({
    queryKey: ['datasets', 'picker'],
    queryFn: async ({ signal }) =>
      (
        await taken(
          api.GET('/v1/observability/datasets', { params: { query: { page_size: '100' } }, signal }),
        )
      ).datasets.results,
  })
  const fetching = useMutation({
    mutationFn: async () => {
      const path = { dataset_id: datasetId ?? '' }
      // One record a page, so that any record can be the first.
      const pages = Array.from({ length: count }, (_, index) => String(firstNumber + index))
      const answers = await Promise.all(
        pages.map((page) =>
          taken(
            api.GET('/v1/observability/datasets/{dataset_id}/records', {
              params: { path, query: { page, page_size: '1' } },
            }),
          ),
        ),
      )
      return answers.flatMap(({ records }) =>
        records.results.map(({ payload, properties }) => ({ messages: payload.messages, properties })),
      )
    },
    onSuccess: onAdd,
  })
  return (
    <Stack>
      <Select
        label="Dataset"
        placeholder={datasets.data?.length === 0 ? 'There is none yet' : 'Choose one'}
        searchable
        data={(datasets.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={datasetId}
        onChange={setDatasetId}
      />
      <Group grow>
        <NumberInput
          label="From record"
          min={1}
          value={firstNumber}
          onChange={(value) => setFirstNumber(Number(value) || 1)}
        />
        <NumberInput
          label="How many"
          min={1}
          max={20}
          value={count}
          onChange={(value) => setCount(Math.min(20, Number(value) || 1))}
        />
      </Group>
      {fetching.isError && <FailedNote error={fetching.error} />}
      {fetching.data?.length === 0 && <FailedNote error={new Error('The dataset has no records there.')} />}
      <Button disabled={datasetId === null} loading={fetching.isPending} onClick={() => fetching.mutate()}>
        Add them
      </Button>
    </Stack>
  )
}
