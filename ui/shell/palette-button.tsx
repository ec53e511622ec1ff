import { ActionIcon, Group, Kbd, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'

const Palette = lazy(() => import('./palette.tsx').then(({ Palette }) => ({ default: Palette })))

/** Opens the palette of commands, which is fetched when it is first needed. */
export function PaletteButton() {
  const [isNeeded, setNeeded] = useState(false)
  function open() {
    setNeeded(true)
    spotlight.open()
  }
  useHotkeys([
    ['mod+K', open],
    ['/', open],
  ])
  return (
    <>
      <UnstyledButton
        onClick={open}
        visibleFrom="sm"
        px="sm"
        h={34}
        style={{
          border: '1px solid var(--assize-line)',
          borderRadius: 8,
          background: 'var(--assize-surface)',
        }}
      >
        <Group gap="sm" wrap="nowrap">
          <IconSearch size={16} aria-hidden />
          <Text size="sm" c="dimmed" w={120}>
            Search or go to
          </Text>
          <Kbd size="xs">{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</Kbd>
        </Group>
      </UnstyledButton>
      <Tooltip label="Search and commands">
        <ActionIcon
          variant="default"
          size={34}
          hiddenFrom="sm"
          aria-label="Search and commands"
          onClick={open}
        >
          <IconSearch size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {isNeeded && (
        <Suspense>
          <Palette />
        </Suspense>
      )}
    </>
  )
}
