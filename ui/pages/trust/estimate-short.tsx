import { Text } from '@mantine/core'
import { numberText, shareText } from '../../numbers.ts'
import type { Estimate } from './estimate-in-words.ts'

/** An estimate in a line. */
export function EstimateShort({ estimate }: { readonly estimate: Estimate }) {
  if (estimate.kind === 'refused')
    return (
      <Text size="sm" c="dimmed">
        {estimate.reason}
      </Text>
    )
  if (estimate.kind === 'mean') {
    const { mean, low, high } = estimate.corrected
    return (
      <Text className="numbers">
        People would say {numberText(mean)}, ± {numberText((high - low) / 2)}
      </Text>
    )
  }
  const [first] = estimate.shares
  if (first === undefined) return null
  const { share, low, high } = first.corrected
  return (
    <Text className="numbers">
      People would say that {shareText(share)} are “{first.option}”, ± {shareText((high - low) / 2)}
    </Text>
  )
}
