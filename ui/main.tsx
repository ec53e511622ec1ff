import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './page.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/query-client.ts'
import { reloadWhenRenewed } from './reload-when-renewed.ts'
import { createPageRouter } from './router.tsx'
import { cssVariables, theme } from './theme.ts'

const queryClient = createQueryClient(() => router.navigate({ to: '/sign-in', search: { to: pathNow() } }))
const router = createPageRouter(queryClient)

/** Where to go back to after signing in; not to the sign-in itself. */
function pathNow(): string {
  const { pathname, search } = router.state.location
  return pathname === '/sign-in' ? '/' : `${pathname}${router.options.stringifySearch?.(search) ?? ''}`
}

reloadWhenRenewed()
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root".')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
