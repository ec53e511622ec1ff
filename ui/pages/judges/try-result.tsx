import { Collapse, Group, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Output } from '../../api/shapes.ts'
import { AnswerBadge } from '../../components/answer.tsx'
import { FailedNote } from '../../components/states.tsx'
import { costText, countText, durationText } from '../../numbers.ts'
import type { Try } from './use-tries.ts'

interface TryResultProps {
  readonly label: string | undefined
  readonly result: Try
  readonly output: Output
}

/** What one definition says of one conversation; its reasons open on a click. */
export function TryResult({ label, result, output }: TryResultProps) {
  const [isOpen, { toggle }] = useDisclosure(true)
  if (result.state === 'waiting') return <Skeleton height={28} aria-label="Judging" role="status" />
  if (result.state === 'failed') return <FailedNote error={result.error} title={label} />
  const { analysis, answer, details } = result.judgment
  return (
    <Stack gap={4}>
      <UnstyledButton onClick={toggle} aria-expanded={isOpen}>
        <Group gap="xs">
          {label !== undefined && (
            <Text size="xs" fw={650} w={48}>
              {label}
            </Text>
          )}
          <AnswerBadge answer={answer} output={output} />
          {details !== undefined && (
            <Text size="xs" c="dimmed" className="numbers">
              {durationText(details.latency_ms)} · {countText(details.input_tokens + details.output_tokens)}{' '}
              tokens
              {details.cost !== null && details.cost > 0 && ` · ${costText(details.cost)}`}
              {details.flags.length > 0 && ` · flags: ${details.flags.join(', ')}`}
            </Text>
          )}
        </Group>
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {analysis}
        </Text>
      </Collapse>
    </Stack>
  )
}
