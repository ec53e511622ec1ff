import { Group, NumberInput, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Output, Run } from '../../api/shapes.ts'
import { countOf } from '../../numbers.ts'
import { EstimateShort } from './estimate-short.tsx'
import { moreLabelsInWords } from './more-labels-in-words.ts'
import type { Labelling } from './use-labelling.ts'

interface ProgressProps {
  readonly run: Run
  readonly output: Output
  readonly labelling: Labelling
  /** Of the interval that is wanted. */
  readonly width: number | undefined
  readonly onWidth: (width: number | undefined) => void
}

/** What the labels tell so far, and how many more bring it to a width that one wants. */
export function Progress({ run, output, labelling, width, onWidth }: ProgressProps) {
  const { queue, given } = labelling
  const { estimate, more_labels: more } = queue.data ?? {}
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-end">
        <Stack gap={2} miw={0} style={{ flex: '1 1 260px' }}>
          <Text size="sm" c="dimmed">
            {countOf(given.length, 'record')} labelled now, of{' '}
            {countOf(run.outcomes.answered, 'answered record')}
          </Text>
          {estimate !== undefined && <EstimateShort estimate={estimate} />}
          {estimate !== undefined &&
            more !== undefined &&
            width !== undefined &&
            !queue.isPlaceholderData && (
              <Text size="sm" fw={600} role="status">
                {moreLabelsInWords(more, estimate)}
              </Text>
            )}
        </Stack>
        <WantedWidth isShares={output.type === 'CLASSIFICATION'} width={width} onWidth={onWidth} />
      </Group>
    </Paper>
  )
}

interface WantedWidthProps extends Pick<ProgressProps, 'width' | 'onWidth'> {
  readonly isShares: boolean
}

function WantedWidth({ isShares, width, onWidth }: WantedWidthProps) {
  const halfOf = isShares ? 50 : 0.5
  const decimals = isShares ? 1 : 3
  // What is being typed, such as "0.", is not always a width yet.
  const [typed, setTyped] = useState<number | string>(
    width === undefined ? '' : Number((width * halfOf).toFixed(decimals)),
  )
  function change(value: number | string) {
    setTyped(value)
    onWidth(typeof value === 'number' && value > 0 ? Number((value / halfOf).toPrecision(6)) : undefined)
  }
  return (
    <NumberInput
      label="I want to know it to"
      description={isShares ? 'percentage points up or down' : 'up or down'}
      w={200}
      prefix="± "
      min={0}
      step={isShares ? 1 : 0.1}
      decimalScale={decimals}
      placeholder={isShares ? '± 5' : '± 0.1'}
      value={typed}
      onChange={change}
    />
  )
}
