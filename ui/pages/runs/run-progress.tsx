import { Group, Progress, Stack, Text } from '@mantine/core'
import type { Run } from '../../api/shapes.ts'
import { countText, shareText } from '../../numbers.ts'

/** How far a run is, and how much of what is done has an answer. */
export function RunProgress({ run }: { readonly run: Run }) {
  const done = run.total - run.pending
  const { answered } = run.outcomes
  const partOf = (count: number) => (run.total === 0 ? 0 : (count / run.total) * 100)
  const label = `${countText(done)} of ${countText(run.total)} judged, ${countText(answered)} answered`
  return (
    <Stack gap={4} miw={140}>
      <Progress.Root size="md">
        <Progress.Section value={partOf(answered)} color="green" aria-label={label} />
        <Progress.Section value={partOf(done - answered)} color="orange" aria-label="without an answer" />
      </Progress.Root>
      <Group gap={6}>
        <Text size="xs" c="dimmed" className="numbers">
          {done === run.total ? countText(done) : `${countText(done)} of ${countText(run.total)}`} judged
          {done > 0 && `, ${shareText(answered / done)} answered`}
        </Text>
      </Group>
    </Stack>
  )
}
