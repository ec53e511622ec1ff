import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { FailedNote } from './states.tsx'

interface ConfirmRemovalProps {
  /** What goes, and what stays. */
  readonly children: ReactNode
  readonly removing: {
    readonly error: Error | null
    readonly isPending: boolean
    readonly mutate: () => void
  }
  readonly onCancel: () => void
}

/** Asks before something is deleted for good. */
export function ConfirmRemoval({ children, removing, onCancel }: ConfirmRemovalProps) {
  return (
    <Stack>
      <Text size="sm">{children}</Text>
      {removing.error !== null && <FailedNote error={removing.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Keep it
        </Button>
        <Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
          Delete it
        </Button>
      </Group>
    </Stack>
  )
}
