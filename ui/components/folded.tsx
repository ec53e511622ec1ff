import { Box, Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'

interface FoldedProps {
  /** In pixels; what is taller is cut until it is asked for. */
  readonly maxHeight: number
  readonly children: ReactNode
}

/** Something long that is cut until one wants all of it. */
export function Folded({ maxHeight, children }: FoldedProps) {
  const [isOpen, setOpen] = useState(false)
  const { ref, height } = useElementSize()
  return (
    <div>
      <Box mah={isOpen ? undefined : maxHeight} style={{ overflow: 'hidden' }}>
        <div ref={ref}>{children}</div>
      </Box>
      {height > maxHeight && (
        <Button
          variant="subtle"
          size="compact-sm"
          mt={4}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Show less' : 'Show all of it'}
        </Button>
      )}
    </div>
  )
}
