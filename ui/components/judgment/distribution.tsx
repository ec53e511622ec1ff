import { Group, Progress, Stack, Text } from '@mantine/core'
import type { JudgmentRecord, Output } from '../../api/shapes.ts'
import { numberText, shareText } from '../../numbers.ts'
import { optionColor } from '../../option-color.ts'

const methods = {
  token_probabilities: 'by the probabilities of the model',
  samples: 'by asking several times',
  members: 'by the members of the panel',
} as const

interface DistributionProps {
  readonly judgment: Pick<JudgmentRecord, 'distribution' | 'distribution_method' | 'agreement'>
  readonly output: Output | undefined
}

/** How sure an answer is: the share of each option, or how far numbers lie apart. */
export function Distribution({ judgment, output }: DistributionProps) {
  const { distribution, distribution_method: method, agreement } = judgment
  if (distribution === null || distribution === undefined) return null
  const { mean, standard_deviation: spread } = distribution
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        How sure it is{method !== null && <Hint> {methods[method]}</Hint>}
      </Text>
      {output?.type === 'REGRESSION' && mean !== undefined ? (
        <Text size="sm" className="numbers">
          {numberText(mean)} on the mean
          {spread !== undefined && `, ${numberText(spread)} of standard deviation`}
        </Text>
      ) : (
        Object.entries(distribution).map(([option, share = 0]) => (
          <Group key={option} gap="sm" wrap="nowrap">
            <Text size="sm" w={140} truncate>
              {option}
            </Text>
            <Progress
              value={share * 100}
              color={optionColor(output, option)}
              style={{ flex: 1 }}
              aria-label={`${option}: ${shareText(share)}`}
            />
            <Text size="sm" w={56} ta="right" className="numbers">
              {shareText(share)}
            </Text>
          </Group>
        ))
      )}
      {agreement !== null && <Hint>The answers agree to {shareText(agreement)}.</Hint>}
    </Stack>
  )
}

function Hint({ children }: { readonly children: React.ReactNode }) {
  return (
    <Text span size="sm" c="dimmed" fw={400}>
      {children}
    </Text>
  )
}
