import { Group, NumberInput, Paper, Stack, Text } from '@mantine/core'
import type { Run } from '../../api/shapes.ts'
import { countOf } from '../../numbers.ts'
import { EstimateShort } from './estimate-short.tsx'
import type { Labelling } from './use-labelling.ts'

/** What the labels tell so far, and how many more bring it to a width that one wants. */
export function Progress({ run, labelling }: { readonly run: Run; readonly labelling: Labelling }) {
  const { queue, given, width, setWidth } = labelling
  const { estimate, more_labels: more } = queue.data ?? {}
  const isShares = estimate?.kind !== 'mean'
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-end">
        <Stack gap={2}>
          <Text size="sm" c="dimmed">
            {countOf(given.length, 'record')} labelled now, of{' '}
            {countOf(run.outcomes.answered, 'answered record')}
          </Text>
          {estimate !== undefined && <EstimateShort estimate={estimate} />}
          {more !== null && more !== undefined && width !== undefined && (
            <Text size="sm" fw={600}>
              {more === 0
                ? 'It is that narrow already.'
                : `About ${countOf(more, 'more label')} bring it there.`}
            </Text>
          )}
          {more === null && width !== undefined && estimate?.kind !== 'refused' && (
            <Text size="sm">No number of labels of this run brings it there.</Text>
          )}
        </Stack>
        <NumberInput
          label="I want to know it to"
          description={isShares ? 'percentage points up or down' : 'up or down'}
          w={200}
          prefix="± "
          min={0}
          decimalScale={isShares ? 1 : 3}
          placeholder={isShares ? '± 5' : '± 0.1'}
          value={width === undefined ? '' : isShares ? (width * 100) / 2 : width / 2}
          onChange={(value) =>
            setWidth(
              typeof value === 'number' && value > 0 ? (isShares ? (value / 100) * 2 : value * 2) : undefined,
            )
          }
        />
      </Group>
    </Paper>
  )
}
