import { Anchor, Code, Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../../api/session.ts'
import { Failed, Loading } from '../../components/states.tsx'

/** Where one is, and as whom. */
export function WorkspaceTab() {
  const me = useQuery(meQuery)
  if (me.isPending) return <Loading what="your key" />
  if (me.isError) return <Failed error={me.error} onRetry={() => me.refetch()} />
  const { workspace, name, role, key_id: keyId, owner_id: ownerId, server } = me.data
  const rows: [string, React.ReactNode][] = [
    ['Workspace', workspace.name],
    ['Its id', <Code key="workspace">{workspace.id}</Code>],
    ['Signed in with', `the key “${name}”, whose role is ${role}`],
    ['Key', <Code key="key">{keyId}</Code>],
    ['Owner', <Code key="owner">{ownerId}</Code>],
    ['Server', `Assize ${server.version}`],
    [
      'API',
      <Anchor key="docs" href="/docs" size="sm" underline="always">
        every call, to read and to try
      </Anchor>,
    ],
  ]
  return (
    <Paper withBorder p="md" maw={640}>
      <Stack gap="xs">
        {rows.map(([label, value]) => (
          <Group key={label} gap="sm" wrap="nowrap" align="flex-start">
            <Text size="sm" c="dimmed" w={120} style={{ flexShrink: 0 }}>
              {label}
            </Text>
            <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
