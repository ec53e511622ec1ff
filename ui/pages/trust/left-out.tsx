import { Text } from '@mantine/core'
import type { Agreement } from '../../api/shapes.ts'
import { leftOutInWords } from './left-out-in-words.ts'

/** Which labelled records are not compared, and why. */
export function LeftOut({ labels }: { readonly labels: Agreement['labels'] }) {
  const words = leftOutInWords(labels.left_out)
  if (words === undefined) return null
  return (
    <Text size="sm" c="dimmed">
      {words}
    </Text>
  )
}
