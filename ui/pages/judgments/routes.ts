import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../root-routes.tsx'

export const judgmentRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/judges/$judgeId/judgments/$judgmentId',
    component: lazyRouteComponent(() => import('./judgment-page.tsx'), 'JudgmentPage'),
  }),
] as const
