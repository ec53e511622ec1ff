import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTitle } from '../use-title.ts'

interface PageHeaderProps {
  readonly title: string
  /** The pages above this one, outermost first. */
  readonly above?: readonly { readonly to: string; readonly label: string }[]
  readonly description?: ReactNode
  /** What can be done here, the main thing last. */
  readonly actions?: ReactNode
}

/** What a page is about, where it stands, and what can be done. */
export function PageHeader({ title, above = [], description, actions }: PageHeaderProps) {
  useTitle(title)
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={4} miw={0} style={{ flex: '1 1 260px' }}>
        {above.length > 0 && (
          <Breadcrumbs component="nav" aria-label="Above this page" separatorMargin={6}>
            {above.map(({ to, label }) => (
              <Anchor key={to} component={Link} to={to} size="sm">
                {label}
              </Anchor>
            ))}
          </Breadcrumbs>
        )}
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {description !== undefined && (
          <Text c="dimmed" component="div">
            {description}
          </Text>
        )}
      </Stack>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
