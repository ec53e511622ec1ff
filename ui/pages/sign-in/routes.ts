import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../root-routes.tsx'
import { textOf } from '../../search-params.ts'

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search): { to?: string } => textOf(search, 'to'),
  component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
})
