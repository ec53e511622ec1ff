import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { Failed } from './components/states.tsx'
import { datasetRoutes } from './pages/datasets/routes.ts'
import { homeRoutes } from './pages/home/routes.ts'
import { judgeRoutes } from './pages/judges/routes.ts'
import { judgmentRoutes } from './pages/judgments/routes.ts'
import { runRoutes } from './pages/runs/routes.ts'
import { settingsRoutes } from './pages/settings/routes.ts'
import { signInRoute } from './pages/sign-in/routes.ts'
import { trustRoutes } from './pages/trust/routes.ts'
import { rootRoute, shellRoute } from './root-routes.tsx'

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    ...homeRoutes,
    ...judgeRoutes,
    ...judgmentRoutes,
    ...datasetRoutes,
    ...runRoutes,
    ...trustRoutes,
    ...settingsRoutes,
  ]),
])

/** Every state of the page has an address. */
export function createPageRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => <Failed error={error as Error} onRetry={reset} />,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>
  }
}
