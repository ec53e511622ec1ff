import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import type { Agreement, Output } from '../../api/shapes.ts'
import { AnswerBadge } from '../../components/answer.tsx'

interface DisagreementsProps {
  readonly disagreements: Agreement['disagreements']
  readonly output: Output
  readonly onOpen: (recordId: string) => void
}

/** Where judge and people are furthest apart. */
export function Disagreements({ disagreements, output, onOpen }: DisagreementsProps) {
  return (
    <Stack gap="xs">
      <Text fw={600} component="h2" size="lg">
        The worst disagreements
      </Text>
      {disagreements.map(({ record_id: recordId, item_number: number, label, answer, analysis, labels }) => (
        <Paper key={recordId} withBorder p="sm">
          <Group justify="space-between" align="flex-start">
            <Group gap="xs">
              <Text size="sm" c="dimmed">
                people
              </Text>
              <AnswerBadge answer={label} output={output} />
              <Text size="sm" c="dimmed">
                judge
              </Text>
              <AnswerBadge answer={answer} output={output} />
            </Group>
            <Button variant="default" size="xs" onClick={() => onOpen(recordId)}>
              Read record {number}
            </Button>
          </Group>
          <Text size="sm" mt={6} lineClamp={3}>
            {analysis ?? 'The settings keep no analysis.'}
          </Text>
          {labels.length > 1 && (
            <Text size="xs" c="dimmed" mt={4}>
              {labels.map(({ author, value }) => `${author}: ${value ?? 'can’t tell'}`).join(', ')}
            </Text>
          )}
        </Paper>
      ))}
    </Stack>
  )
}
