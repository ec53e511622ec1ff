import { Badge, CloseButton, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { labelsQuery, putLabel, removeLabel } from '../../api/labels.ts'
import type { Answer, Output } from '../../api/shapes.ts'
import { useAuthor } from '../../use-author.ts'
import { FailedNote } from '../states.tsx'
import { LabelChoice } from './label-choice.tsx'

interface LabelBoxProps {
  readonly recordId: string
  /** A judge's id, or a revision's. */
  readonly judgeId: string
  readonly output: Output
}

/** What people say of the record, and a place to say it. */
export function LabelBox({ recordId, judgeId, output }: LabelBoxProps) {
  const queryClient = useQueryClient()
  const [author, setAuthor] = useAuthor()
  const labels = useQuery(labelsQuery(recordId, judgeId))
  const changed = () => queryClient.invalidateQueries({ queryKey: ['labels'] })
  const putting = useMutation({
    mutationFn: (value: Answer | null) => putLabel({ recordId, judgeId, value, author: author.trim() }),
    onSuccess: changed,
  })
  const removing = useMutation({
    mutationFn: (labelId: string) => removeLabel(recordId, labelId),
    onSuccess: changed,
  })
  const failure = putting.error ?? removing.error
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text fw={600}>What do you say?</Text>
          <TextInput
            size="xs"
            aria-label="Your name"
            placeholder="your name"
            value={author}
            onChange={(event) => setAuthor(event.currentTarget.value)}
          />
        </Group>
        <LabelChoice
          output={output}
          isDisabled={author.trim() === '' || putting.isPending}
          onChoose={(value) => putting.mutate(value)}
        />
        {author.trim() === '' && (
          <Text size="sm" c="dimmed">
            Give your name first, so that labels of different people can be compared.
          </Text>
        )}
        {failure !== null && <FailedNote error={failure} />}
        {labels.data !== undefined && labels.data.length > 0 && (
          <Group gap="xs">
            {labels.data.map(({ id, author: by, value }) => (
              <Badge
                key={id}
                variant="default"
                tt="none"
                size="lg"
                rightSection={
                  <CloseButton
                    size="xs"
                    aria-label={`Remove the label of ${by}`}
                    onClick={() => removing.mutate(id)}
                  />
                }
              >
                {by}: {value ?? 'can’t tell'}
              </Badge>
            ))}
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
