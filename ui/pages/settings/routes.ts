import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../root-routes.tsx'
import { choiceOf } from '../../search-params.ts'

const tabs = ['keys', 'models', 'tools', 'usage', 'audit', 'workspace'] as const

export const settingsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings',
    validateSearch: (search): { tab?: (typeof tabs)[number] } => choiceOf(search, 'tab', tabs),
    component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
  }),
] as const
