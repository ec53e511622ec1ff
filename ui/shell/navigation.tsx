import { NavLink, Stack } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'
import { sections } from './sections.ts'

/** The page's parts, the one that is open marked. */
export function Navigation() {
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  return (
    <Stack gap={2}>
      {sections.map(({ to, label, icon: Icon }) => {
        const isOpen = to === '/' ? pathname === '/' : pathname.startsWith(to)
        return (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
            active={isOpen}
            aria-current={isOpen ? 'page' : undefined}
            style={{ borderRadius: 8 }}
          />
        )
      })}
    </Stack>
  )
}
