import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../root-routes.tsx'
import { positiveOf, textOf } from '../../search-params.ts'

export const trustRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/trust',
    component: lazyRouteComponent(() => import('./trust-page.tsx'), 'TrustPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs/$runId/trust',
    validateSearch: (search): { record?: string } => textOf(search, 'record'),
    component: lazyRouteComponent(() => import('./report-page.tsx'), 'ReportPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs/$runId/label',
    validateSearch: (search): { width?: number } => positiveOf(search, 'width'),
    component: lazyRouteComponent(() => import('./label-page.tsx'), 'LabelPage'),
  }),
] as const
