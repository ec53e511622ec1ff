import { Code, ScrollArea } from '@mantine/core'

/** A value as JSON, as long as it is. */
export function JsonBlock({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': label }}>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </Code>
    </ScrollArea.Autosize>
  )
}
