import {
  Badge,
  Button,
  Group,
  Modal,
  Paper,
  Progress,
  Stack,
  Switch,
  Text,
  UnstyledButton,
} from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop, IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Definition, Material } from '../../api/shapes.ts'
import { Conversation } from '../../components/conversation/conversation.tsx'
import { checkable, typed } from './definition.ts'
import type { Sample } from './read-samples.ts'
import { SampleAdder } from './sample-adder.tsx'
import { TryResult } from './try-result.tsx'
import { type Candidate, type Try, tryKey, useTries } from './use-tries.ts'

interface TryPanelProps {
  readonly definition: Definition
  /** To try beside it, where there is one. */
  readonly saved: Definition | undefined
  readonly samples: readonly Sample[]
  readonly onAdd: (added: readonly Material[]) => void
  readonly onRemove: (id: string) => void
}

/** Tries a definition on conversations before it is saved, beside the saved one where that is wanted. */
export function TryPanel({ definition, saved, samples, onAdd, onRemove }: TryPanelProps) {
  const [isAdding, setAdding] = useState(false)
  const [isBeside, setBeside] = useState(false)
  const [shown, setShown] = useState<Sample>()
  const { tries, isTrying, start, stop } = useTries()
  const candidates: Candidate[] = [
    { name: 'new', definition: checkable(definition) },
    ...(saved !== undefined && isBeside ? [{ name: 'saved', definition: saved }] : []),
  ]
  const done = [...tries.values()].filter(({ state }) => state !== 'waiting').length
  const hasModel = definition.model_name.trim() !== '' && definition.instructions.trim() !== ''
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {isTrying ? (
          <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            disabled={!hasModel || samples.length === 0}
            onClick={() => start(candidates, samples)}
          >
            Try it
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          Add conversations
        </Button>
        {saved !== undefined && (
          <Switch
            label="beside the saved revision"
            checked={isBeside}
            onChange={(event) => setBeside(event.currentTarget.checked)}
          />
        )}
      </Group>
      {!hasModel && (
        <Text size="sm" c="dimmed">
          It can be tried once it has a model and instructions.
        </Text>
      )}
      {isTrying && (
        <Progress value={(done / tries.size) * 100} aria-label={`${done} of ${tries.size} tried`} />
      )}
      <Differences tries={tries} samples={samples} />
      {samples.map((sample) => (
        <Paper key={sample.id} withBorder p="sm">
          <Group gap="xs" wrap="nowrap" mb={6} justify="space-between">
            <UnstyledButton onClick={() => setShown(sample)} miw={0}>
              <Text size="sm" c="dimmed" truncate td="underline">
                {sample.title}
              </Text>
            </UnstyledButton>
            <UnstyledButton aria-label={`Remove ${sample.title}`} onClick={() => onRemove(sample.id)}>
              <IconX size={16} aria-hidden />
            </UnstyledButton>
          </Group>
          <Stack gap="xs">
            {candidates.map(({ name, definition: { output } }) => {
              const result = tries.get(tryKey(name, sample.id))
              if (result === undefined) return null
              const label = candidates.length > 1 ? name : undefined
              return <TryResult key={name} label={label} result={result} output={typed(output)} />
            })}
          </Stack>
        </Paper>
      ))}
      <SampleAdder isOpen={isAdding} onClose={() => setAdding(false)} onAdd={onAdd} />
      <Modal opened={shown !== undefined} onClose={() => setShown(undefined)} title="Conversation" size="lg">
        {shown !== undefined && <Conversation {...shown} />}
      </Modal>
    </Stack>
  )
}

/** How many conversations the two definitions answer differently. */
function Differences({ tries, samples }: { tries: ReadonlyMap<string, Try>; samples: readonly Sample[] }) {
  const pairs = samples.flatMap(({ id }) => {
    const [one, other] = [tries.get(tryKey('new', id)), tries.get(tryKey('saved', id))]
    return one?.state === 'done' && other?.state === 'done'
      ? [[one.judgment.answer, other.judgment.answer]]
      : []
  })
  if (pairs.length === 0) return null
  const changed = pairs.filter(([one, other]) => one !== other).length
  return (
    <Badge variant="light" tt="none" size="lg" color={changed === 0 ? 'gray' : 'orange'}>
      {changed} of {pairs.length} answered differently
    </Badge>
  )
}
