import {
  ActionIcon,
  Button,
  Group,
  NumberInput,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useRef } from 'react'
import type { Output } from '../../api/shapes.ts'
import { emptyDefinition, emptyScale, typed } from './definition.ts'

interface OutputEditorProps {
  readonly output: Output
  readonly onChange: (output: Output) => void
}

/** What a judge answers: options to choose from, or a scale. */
export function OutputEditor({ output, onChange }: OutputEditorProps) {
  // Who looks at the other kind and comes back finds what was there.
  const others = useRef<Partial<Record<Output['type'], Output>>>({})
  function choose(type: string) {
    others.current[output.type] = output
    const next = type as Output['type']
    onChange(others.current[next] ?? (next === 'REGRESSION' ? emptyScale : typed(emptyDefinition.output)))
  }
  return (
    <Paper withBorder p="md" component="fieldset" m={0} miw={0}>
      <Text component="legend" size="sm" fw={500} px={4}>
        Answer
      </Text>
      <Stack gap="sm">
        <SegmentedControl
          value={output.type}
          onChange={choose}
          aria-label="What the judge answers"
          data={[
            { value: 'CLASSIFICATION', label: 'Options to choose from' },
            { value: 'REGRESSION', label: 'A scale' },
          ]}
        />
        {output.type === 'CLASSIFICATION' ? (
          <OptionsEditor output={output} onChange={onChange} />
        ) : (
          <ScaleEditor output={output} onChange={onChange} />
        )}
      </Stack>
    </Paper>
  )
}

interface OptionsEditorProps {
  readonly output: Extract<Output, { type: 'CLASSIFICATION' }>
  readonly onChange: (output: Output) => void
}

function OptionsEditor({ output: { options }, onChange }: OptionsEditorProps) {
  function put(next: typeof options) {
    onChange({ type: 'CLASSIFICATION', options: next })
  }
  function change(place: number, field: 'value' | 'description', text: string) {
    put(options.map((option, index) => (index === place ? { ...option, [field]: text } : option)))
  }
  return (
    <Stack gap="xs">
      {options.map(({ value, description }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an option's value changes while it is being written
        <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            w="34%"
            aria-label={`Option ${index + 1}`}
            placeholder="answer"
            value={value}
            error={options.some((other, place) => place < index && other.value === value) && 'is there twice'}
            onChange={(event) => change(index, 'value', event.currentTarget.value)}
          />
          <Textarea
            style={{ flex: 1 }}
            autosize
            minRows={1}
            maxRows={5}
            aria-label={`When option ${index + 1} is the answer`}
            placeholder="when this is the answer"
            value={description}
            onChange={(event) => change(index, 'description', event.currentTarget.value)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={4}
            aria-label={`Remove option ${index + 1}`}
            disabled={options.length === 1}
            onClick={() => put(options.filter((_, place) => place !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => put([...options, { value: '', description: '' }])}
      >
        Add an option
      </Button>
    </Stack>
  )
}

interface ScaleEditorProps {
  readonly output: Extract<Output, { type: 'REGRESSION' }>
  readonly onChange: (output: Output) => void
}

const ends = [
  { bound: 'min', meaning: 'min_description', label: 'Smallest' },
  { bound: 'max', meaning: 'max_description', label: 'Largest' },
] as const

function ScaleEditor({ output, onChange }: ScaleEditorProps) {
  const isTurned = output.min >= output.max
  return (
    <Stack gap="xs">
      {ends.map(({ bound, meaning, label }) => (
        <Group key={bound} gap="xs" align="flex-start" wrap="nowrap">
          <NumberInput
            w="34%"
            label={label}
            value={output[bound]}
            min={0}
            error={isTurned && bound === 'max' ? 'expected more than the smallest' : undefined}
            onChange={(value) => typeof value === 'number' && onChange({ ...output, [bound]: value })}
          />
          <Textarea
            style={{ flex: 1 }}
            autosize
            minRows={1}
            maxRows={5}
            label={`What ${output[bound]} means`}
            value={output[meaning]}
            onChange={(event) => onChange({ ...output, [meaning]: event.currentTarget.value })}
          />
        </Group>
      ))}
    </Stack>
  )
}
