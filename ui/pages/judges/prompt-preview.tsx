import { Alert, Code, Loader, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, taken } from '../../api/client.ts'
import type { Definition } from '../../api/shapes.ts'
import { FailedNote } from '../../components/states.tsx'
import { checkable } from './definition.ts'
import type { Sample } from './read-samples.ts'

const shownAfterMs = 300

/** The exact prompt that the model reads for a conversation. */
export function PromptPreview({
  definition,
  sample,
}: {
  readonly definition: Definition
  readonly sample: Sample
}) {
  const [asked] = useDebouncedValue({ definition: checkable(definition), sample }, shownAfterMs)
  const preview = useQuery({
    queryKey: ['preview', asked.definition, asked.sample.id],
    queryFn: async ({ signal }) =>
      (
        await taken(
          api.POST('/v1/observability/judges/preview', {
            body: {
              judge_definition: asked.definition,
              messages: asked.sample.messages as Record<string, unknown>[],
              properties: asked.sample.properties ?? null,
            },
            signal,
          }),
        )
      ).messages,
    placeholderData: keepPreviousData,
  })
  if (definition.instructions.trim() === '')
    return <Alert color="gray">Once there are instructions, this shows what the model reads.</Alert>
  if (preview.isError) return <FailedNote error={preview.error} title="It can not be written yet" />
  if (preview.data === undefined) return <Loader size="sm" aria-label="Writing the prompt" />
  return (
    <Stack gap="sm">
      {preview.data.map(({ role, content }) => (
        <div key={role}>
          <Text size="xs" fw={650} mb={4}>
            {role}
          </Text>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {content}
          </Code>
        </div>
      ))}
      <Text size="xs" c="dimmed">
        The code in the tags is another one each time, so that nobody who writes what is judged can know it.
      </Text>
    </Stack>
  )
}
