import { Badge } from '@mantine/core'
import type { RunState } from '../../api/runs.ts'

const colors: Readonly<Record<RunState, string>> = {
  running: 'blue',
  completed: 'green',
  cancelled: 'gray',
  capped: 'orange',
  failed: 'red',
}

export function RunStateBadge({ state }: { readonly state: RunState }) {
  return (
    <Badge variant="dot" color={colors[state]} tt="none" miw="max-content">
      {state}
    </Badge>
  )
}
