import { Alert, Button, Center, Loader, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCompass } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api-error.ts'
import { ButtonLink } from './links.tsx'

/** While something is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <Center py="xl" role="status" aria-label={`Loading ${what}`}>
      <Loader />
    </Center>
  )
}

interface EmptyProps {
  readonly icon?: ReactNode
  readonly title: string
  /** Whether it is all that the page shows. */
  readonly isPage?: boolean
  /** What it is for, and how to begin. */
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** Where there is nothing yet: says what would be here and how to begin. */
export function Empty({ icon, title, isPage = false, children, action }: EmptyProps) {
  return (
    <Center py={48}>
      <Stack align="center" gap="sm" maw={440} ta="center">
        {icon}
        <Title order={isPage ? 1 : 2} size="h4">
          {title}
        </Title>
        {children !== undefined && (
          <Text c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  )
}

interface FailedProps {
  readonly error: Error
  readonly onRetry?: () => void
}

/** In place of what could not be shown: why, and a way on. */
export function Failed({ error, onRetry }: FailedProps) {
  const isMissing = error instanceof ApiError && error.status === 404
  return (
    <Empty
      icon={<IconAlertTriangle size={36} stroke={1.5} aria-hidden />}
      title={isMissing ? 'It is not there' : 'That did not work'}
      action={
        onRetry === undefined ? undefined : (
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {error.message}
    </Empty>
  )
}

/** Beside something that could not be done, which stays as it was. */
export function FailedNote({ error, title }: { readonly error: Error; readonly title?: string }) {
  return (
    <Alert color="red" variant="light" role="alert" title={title} icon={<IconAlertTriangle aria-hidden />}>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {error.message}
      </Text>
    </Alert>
  )
}

/** An address that leads nowhere. */
export function NothingHere() {
  return (
    <Empty
      icon={<IconCompass size={36} stroke={1.5} aria-hidden />}
      title="There is no such page"
      isPage
      action={
        <ButtonLink to="/" variant="default">
          Go home
        </ButtonLink>
      }
    >
      Nothing is at this address. It may have been mistyped.
    </Empty>
  )
}
