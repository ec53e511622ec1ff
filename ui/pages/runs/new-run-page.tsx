import {
  Button,
  Collapse,
  Group,
  JsonInput,
  NumberInput,
  Paper,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { recordCountQuery } from '../../api/datasets.ts'
import type { NewRunInput } from '../../api/openapi.ts'
import { createRun } from '../../api/runs.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { DatasetSelect, JudgeSelect } from '../../components/pickers.tsx'
import { FailedNote } from '../../components/states.tsx'
import { countOf } from '../../numbers.ts'

const route = getRouteApi('/shell/runs/new')

type Extras = Pick<
  NewRunInput,
  'name' | 'samples' | 'concurrency' | 'max_cost' | 'max_tokens' | 'priority'
> & {
  readonly filterText: string
}

/** Starts a judge on every record of a dataset. */
export function NewRunPage() {
  const search = route.useSearch()
  const change = route.useNavigate()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [extras, setExtras] = useState<Extras>({ filterText: '' })
  const [isOpen, { toggle }] = useDisclosure(false)
  const starting = useMutation({
    mutationFn: () => createRun(requestOf(search.judge ?? '', search.dataset ?? '', extras)),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['runs'] })
      await navigate({ to: '/runs/$runId', params: { runId: id } })
    },
  })
  return (
    <>
      <PageHeader title="New run" above={[{ to: '/runs', label: 'Runs' }]} />
      <Paper withBorder p="md" maw={640}>
        <Stack>
          <JudgeSelect
            label="Judge"
            placeholder="Find a judge"
            value={search.judge ?? null}
            onChange={(judge) => change({ search: { ...search, judge: judge ?? undefined }, replace: true })}
          />
          <DatasetSelect
            label="Dataset"
            placeholder="Find a dataset"
            value={search.dataset ?? null}
            onChange={(dataset) =>
              change({ search: { ...search, dataset: dataset ?? undefined }, replace: true })
            }
          />
          {search.dataset !== undefined && <RecordCount datasetId={search.dataset} />}
          <Button
            variant="subtle"
            size="xs"
            style={{ alignSelf: 'flex-start' }}
            onClick={toggle}
            aria-expanded={isOpen}
          >
            {isOpen ? 'Fewer settings' : 'More settings'}
          </Button>
          <Collapse expanded={isOpen}>
            <ExtraFields extras={extras} onChange={setExtras} />
          </Collapse>
          {starting.isError && <FailedNote error={starting.error} title="It was not started" />}
          <Group>
            <Button
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              disabled={search.judge === undefined || search.dataset === undefined}
              loading={starting.isPending}
              onClick={() => starting.mutate()}
            >
              Start the run
            </Button>
          </Group>
        </Stack>
      </Paper>
    </>
  )
}

function RecordCount({ datasetId }: { readonly datasetId: string }) {
  const { data } = useQuery(recordCountQuery(datasetId))
  return (
    <Text size="sm" c="dimmed">
      {data === undefined ? '…' : countOf(data, 'record')}
    </Text>
  )
}

/** @throws Error where the filter is no JSON object */
function requestOf(judgeId: string, datasetId: string, { filterText, ...extras }: Extras): NewRunInput {
  const given = Object.entries(extras).filter(([, value]) => value !== '' && value !== undefined)
  return {
    judge_id: judgeId,
    dataset_id: datasetId,
    ...Object.fromEntries(given),
    ...(filterText.trim() !== '' && { filter: readFilter(filterText) }),
  }
}

function readFilter(text: string): NonNullable<NewRunInput['filter']> {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('The filter is no JSON; expected an object like {"language": "fr"}.')
  }
}

const priorities = [
  { value: 'high', label: 'High' },
  { value: 'normal', label: 'Normal' },
  { value: 'low', label: 'Low' },
] as const

const numbers = [
  { name: 'samples', label: 'Samples', description: 'Judgments of each record, which become one', least: 1 },
  { name: 'concurrency', label: 'At the same time', description: 'Judgments in flight', least: 1 },
  { name: 'max_cost', label: 'Cost at most', description: 'In the currency of the prices', least: 0 },
  { name: 'max_tokens', label: 'Tokens at most', description: 'Read and written together', least: 1 },
] as const

function ExtraFields({ extras, onChange }: { extras: Extras; onChange: (extras: Extras) => void }) {
  return (
    <Stack>
      <TextInput
        label="Name"
        description="After the judge and the dataset where it is left out"
        value={extras.name ?? ''}
        onChange={(event) => onChange({ ...extras, name: event.currentTarget.value })}
      />
      <Group grow align="flex-start">
        {numbers.slice(0, 2).map((field) => (
          <NumberField key={field.name} {...{ field, extras, onChange }} />
        ))}
      </Group>
      <Group grow align="flex-start">
        {numbers.slice(2).map((field) => (
          <NumberField key={field.name} {...{ field, extras, onChange }} />
        ))}
      </Group>
      <Select
        label="Priority"
        description="Of the runs of this workspace, those of a higher priority go first"
        data={priorities}
        value={extras.priority ?? 'normal'}
        allowDeselect={false}
        onChange={(priority) => onChange({ ...extras, priority: priority ?? undefined })}
      />
      <JsonInput
        label="Only records with these properties"
        description={'As JSON: {"language": "fr"}, or several values: {"language": ["fr", "de"]}'}
        autosize
        minRows={2}
        validationError="This is no JSON yet"
        value={extras.filterText}
        onChange={(filterText) => onChange({ ...extras, filterText })}
      />
    </Stack>
  )
}

interface NumberFieldProps {
  readonly field: (typeof numbers)[number]
  readonly extras: Extras
  readonly onChange: (extras: Extras) => void
}

function NumberField({ field: { name, label, description, least }, extras, onChange }: NumberFieldProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      min={least}
      value={extras[name] ?? ''}
      onChange={(value) => onChange({ ...extras, [name]: value === '' ? undefined : Number(value) })}
    />
  )
}
