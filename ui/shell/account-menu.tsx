import { ActionIcon, Menu, Text } from '@mantine/core'
import { IconKey, IconLogout, IconUser } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { meQuery, signOut } from '../api/session.ts'

/** Whose key it is, and the way out. */
export function AccountMenu() {
  const { data: me } = useQuery(meQuery)
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const signingOut = useMutation({
    mutationFn: signOut,
    onSettled: async () => {
      queryClient.clear()
      await navigate({ to: '/sign-in' })
    },
  })
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size={34} aria-label="Your key and workspace">
          <IconUser size={18} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {me !== undefined && (
          <Text size="sm" px="sm" py={6} component="div">
            <Text fw={600} size="sm">
              {me.workspace.name}
            </Text>
            signed in with the key “{me.name}” ({me.role})
          </Text>
        )}
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings" leftSection={<IconKey size={16} aria-hidden />}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signingOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
