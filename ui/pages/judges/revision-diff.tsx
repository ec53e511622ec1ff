import { MergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { Box, Code, Group, Stack, Table, Text, useComputedColorScheme } from '@mantine/core'
import { minimalSetup } from 'codemirror'
import { useEffect, useRef } from 'react'
import type { Definition, Revision } from '../../api/shapes.ts'
import { codeLook } from '../../components/code-look.ts'
import { typed } from './definition.ts'

interface RevisionDiffProps {
  readonly old: Revision
  readonly newer: Revision
}

/** Two revisions side by side: the instructions line by line, and every other field that is not the same. */
export function RevisionDiff({ old, newer }: RevisionDiffProps) {
  const changes = fields.flatMap(({ name, show }) => {
    const [before, after] = [show(old as Definition), show(newer as Definition)]
    return before === after ? [] : [{ name, before, after }]
  })
  const isSameText = old.instructions === newer.instructions
  return (
    <Stack>
      {changes.length === 0 && isSameText && <Text c="dimmed">They are the same.</Text>}
      {changes.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={120}>Field</Table.Th>
                <Table.Th>Before</Table.Th>
                <Table.Th>After</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map(({ name, before, after }) => (
                <Table.Tr key={name} style={{ verticalAlign: 'top' }}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>
                    <Code block>{before}</Code>
                  </Table.Td>
                  <Table.Td>
                    <Code block>{after}</Code>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {!isSameText && (
        <Box>
          <Group justify="space-between" mb={4}>
            <Text size="sm" fw={600}>
              Instructions, before and after
            </Text>
          </Group>
          <TextDiff before={old.instructions} after={newer.instructions} />
        </Box>
      )}
    </Stack>
  )
}

const fields: readonly { readonly name: string; readonly show: (definition: Definition) => string }[] = [
  { name: 'Name', show: ({ name }) => name },
  { name: 'Description', show: ({ description }) => description },
  { name: 'Model', show: ({ model_name }) => model_name },
  { name: 'Tools', show: ({ tools }) => tools.join(', ') || 'none' },
  { name: 'Answer', show: ({ output }) => outputText(typed(output)) },
]

function outputText(output: ReturnType<typeof typed>): string {
  return output.type === 'CLASSIFICATION'
    ? output.options.map(({ value, description }) => `${value}: ${description}`).join('\n')
    : `${output.min}: ${output.min_description}\n${output.max}: ${output.max_description}`
}

function TextDiff({ before, after }: { readonly before: string; readonly after: string }) {
  const place = useRef<HTMLDivElement>(null)
  const isDark = useComputedColorScheme('light') === 'dark'
  useEffect(() => {
    if (place.current === null) return
    function side(doc: string, label: string) {
      const extensions = [
        minimalSetup,
        codeLook,
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.darkTheme.of(isDark),
        EditorView.contentAttributes.of({ 'aria-label': label }),
      ]
      return { doc, extensions }
    }
    const view = new MergeView({
      parent: place.current,
      a: side(before, 'Instructions before'),
      b: side(after, 'Instructions after'),
      collapseUnchanged: { margin: 3, minSize: 6 },
    })
    return () => view.destroy()
  }, [before, after, isDark])
  return (
    <Box
      ref={place}
      style={{ border: '1px solid var(--assize-line)', borderRadius: 8, overflow: 'hidden' }}
    />
  )
}
