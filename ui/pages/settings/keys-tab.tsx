import { Alert, Badge, Button, Group, Modal, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../../api/api-error.ts'
import { keysQuery, revokeKey } from '../../api/keys.ts'
import type { Key } from '../../api/openapi.ts'
import { meQuery } from '../../api/session.ts'
import { Ago } from '../../components/ago.tsx'
import { Failed, FailedNote, Loading } from '../../components/states.tsx'
import { NewKeyForm } from './new-key-form.tsx'

/** Who may call: makes keys, and ends them. */
export function KeysTab() {
  const keys = useQuery(keysQuery)
  const [isMaking, { open, close }] = useDisclosure(false)
  if (keys.isPending) return <Loading what="keys" />
  if (keys.error instanceof ApiError && keys.error.status === 403)
    return (
      <Alert color="blue">
        Keys are managed by admins; the key that you signed in with has another role.
      </Alert>
    )
  if (keys.isError) return <Failed error={keys.error} onRetry={() => keys.refetch()} />
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Programs send a key with each call. Viewers read, editors write and judge, admins manage keys too.
        </Text>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          New key
        </Button>
      </Group>
      <KeysTable keys={keys.data} />
      <Modal opened={isMaking} onClose={close} title="New key" closeOnClickOutside={false}>
        <NewKeyForm onDone={close} />
      </Modal>
    </Stack>
  )
}

function KeysTable({ keys }: { readonly keys: readonly Key[] }) {
  const queryClient = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const revoking = useMutation({
    mutationFn: revokeKey,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keysQuery.queryKey }),
  })
  return (
    <>
      {revoking.isError && <FailedNote error={revoking.error} title="It was not revoked" />}
      <Table.ScrollContainer minWidth={680}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Key</Table.Th>
              <Table.Th w={100}>Role</Table.Th>
              <Table.Th w={150}>Last used</Table.Th>
              <Table.Th w={150}>State</Table.Th>
              <Table.Th w={110}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Td>
                  <Text size="sm" fw={600}>
                    {key.name}
                  </Text>
                  <Text size="xs" c="dimmed" ff="monospace">
                    {key.hint}
                  </Text>
                </Table.Td>
                <Table.Td>{key.role}</Table.Td>
                <Table.Td>{key.last_used_at === null ? 'never' : <Ago at={key.last_used_at} />}</Table.Td>
                <Table.Td>
                  <KeyState of={key} />
                </Table.Td>
                <Table.Td ta="right">
                  {key.id === me?.key_id ? (
                    <Text size="sm" c="dimmed">
                      yours
                    </Text>
                  ) : (
                    key.revoked_at === null && (
                      <Button
                        size="xs"
                        variant="light"
                        color="red"
                        aria-label={`Revoke ${key.name}`}
                        onClick={() =>
                          window.confirm(
                            `Revoke “${key.name}”? Programs that use it are refused from now on.`,
                          ) && revoking.mutate(key.id)
                        }
                      >
                        Revoke
                      </Button>
                    )
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}

function KeyState({ of: { revoked_at: revokedAt, expires_at: expiresAt } }: { readonly of: Key }) {
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= Date.now()
  const [label, color] =
    revokedAt !== null ? ['revoked', 'gray'] : isExpired ? ['expired', 'gray'] : ['works', 'green']
  return (
    <Stack gap={2}>
      <Badge variant="dot" color={color} tt="none">
        {label}
      </Badge>
      {label === 'works' && expiresAt !== null && (
        <Text size="xs" c="dimmed">
          until {new Date(expiresAt).toLocaleDateString('en', { dateStyle: 'medium' })}
        </Text>
      )}
    </Stack>
  )
}
