import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createKey, type KeyRole, keyRoles, keysQuery } from '../../api/keys.ts'
import { FailedNote } from '../../components/states.tsx'

const ends = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
]

/** Makes a key, and shows it this once. */
export function NewKeyForm({ onDone }: { readonly onDone: () => void }) {
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<KeyRole>('editor')
  const [days, setDays] = useState('')
  const making = useMutation({
    mutationFn: () => createKey({ name: name.trim(), role, days: days === '' ? undefined : Number(days) }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keysQuery.queryKey }),
  })
  if (making.data !== undefined) return <MadeKey value={making.data} onDone={onDone} />
  return (
    <Stack>
      <TextInput
        label="What is it for?"
        placeholder="CI of the support bot"
        value={name}
        maxLength={100}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          Role
        </Text>
        <SegmentedControl
          fullWidth
          aria-label="Role"
          data={[...keyRoles]}
          value={role}
          onChange={(value) => setRole(value as KeyRole)}
        />
      </div>
      <Select
        label="Ends"
        data={ends}
        value={days}
        allowDeselect={false}
        onChange={(value) => setDays(value ?? '')}
      />
      {making.isError && <FailedNote error={making.error} title="It was not made" />}
      <Button disabled={name.trim() === ''} loading={making.isPending} onClick={() => making.mutate()}>
        Make the key
      </Button>
    </Stack>
  )
}

function MadeKey({ value, onDone }: { readonly value: string; readonly onDone: () => void }) {
  return (
    <Stack>
      <Alert color="orange" title="It is shown only now">
        Only its hash is kept: copy it to where it is needed.
      </Alert>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {value}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  )
}
