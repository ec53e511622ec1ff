import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../root-routes.tsx'
import { choiceOf } from '../../search-params.ts'
import { type TabName, tabNames } from './tabs.ts'

export const settingsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings',
    validateSearch: (search): { tab?: TabName } => choiceOf(search, 'tab', tabNames),
    component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
  }),
] as const
