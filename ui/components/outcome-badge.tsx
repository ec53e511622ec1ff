import { Badge, Tooltip } from '@mantine/core'
import { isOutcome, outcomes } from '../outcomes.ts'

/** How a judgment ended, in a word, and what that means for who points at it. */
export function OutcomeBadge({ outcome }: { readonly outcome: string }) {
  const told = isOutcome(outcome) ? outcomes[outcome] : { label: outcome, color: 'gray', why: outcome }
  return (
    <Tooltip label={told.why}>
      <Badge variant="dot" color={told.color} tt="none" fw={500}>
        {told.label}
      </Badge>
    </Tooltip>
  )
}
