import { Alert, Badge, Group, List, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { Finding } from '../../api/openapi.ts'
import { FailedNote } from '../../components/states.tsx'
import type { DefinitionCheck } from './use-definition-check.ts'

/** What is wrong with a definition, and what is likely wrong. */
export function Findings({ check: { findings, error } }: { readonly check: DefinitionCheck }) {
  if (error !== undefined) return <FailedNote error={error} title="It can not be saved like this" />
  if (findings.length === 0)
    return (
      <Alert color="green" icon={<IconCheck aria-hidden />}>
        Nothing stands out. Whether people would answer the same is told by labels.
      </Alert>
    )
  return (
    <List listStyleType="none" spacing="sm">
      {findings.map((finding) => (
        <List.Item key={`${finding.code} ${finding.path} ${finding.line}`}>
          <OneFinding finding={finding} />
        </List.Item>
      ))}
    </List>
  )
}

function OneFinding({ finding: { severity, path, line, message } }: { readonly finding: Finding }) {
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Badge variant="dot" color={severity === 'warning' ? 'orange' : 'blue'} tt="none">
          {severity}
        </Badge>
        <Text size="xs" c="dimmed">
          {path}
          {line === null ? '' : `, line ${line}`}
        </Text>
      </Group>
      <Text size="sm">{message}</Text>
    </Stack>
  )
}
