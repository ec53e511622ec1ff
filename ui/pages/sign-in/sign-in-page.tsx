import { Anchor, Button, Center, Code, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type Proof, signIn } from '../../api/session.ts'
import { FailedNote } from '../../components/states.tsx'
import { Logo } from '../../shell/logo.tsx'
import { useTitle } from '../../use-title.ts'

const route = getRouteApi('/sign-in')

/** The token of a link that the terminal printed stands behind `#`, so that no server's log has it. */
function takeToken(): string | undefined {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token')
  if (token === null) return undefined
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  return token
}

export function SignInPage() {
  useTitle('Sign in')
  const [key, setKey] = useState('')
  const { signingIn, send } = useSignIn()
  const isAsked = useRef(false)
  useEffect(() => {
    // React runs effects twice while a page is being written; a token works once.
    if (isAsked.current) return
    isAsked.current = true
    const token = takeToken()
    if (token !== undefined) send({ token })
  }, [send])
  function submit(event: FormEvent) {
    event.preventDefault()
    send({ key: key.trim() })
  }
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w={440} maw="100%" radius="lg">
        <form onSubmit={submit}>
          <Stack>
            <Group gap="sm">
              <Logo size={36} />
              <Title order={1} size="h2">
                Assize
              </Title>
            </Group>
            <Text>Sign in with a key of this server.</Text>
            <PasswordInput
              label="Key"
              placeholder="ask_..."
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              autoComplete="current-password"
              data-autofocus
              autoFocus
            />
            {signingIn.error !== null && <FailedNote error={signingIn.error} />}
            <Button type="submit" loading={signingIn.isPending} disabled={key.trim() === ''}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              On the server's own machine, <Code>npx assize link</Code> prints a link that signs you in. The
              first key was shown at the first start, and is kept in <Code>.assize/admin-key</Code>. The API
              has{' '}
              <Anchor href="/docs" size="sm" underline="always">
                its own page
              </Anchor>
              .
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}

function useSignIn() {
  const { to = '/' } = route.useSearch()
  const router = useRouter()
  const queryClient = useQueryClient()
  const signingIn = useMutation({
    mutationFn: signIn,
    onSuccess: async () => {
      queryClient.clear()
      // Only a path of this page: an address of elsewhere would lead people away.
      router.history.push(/^\/(?![/\\])/.test(to) ? to : '/')
    },
  })
  return { signingIn, send: signingIn.mutate as (proof: Proof) => void }
}
