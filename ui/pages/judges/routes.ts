import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../root-routes.tsx'
import { choiceOf, countOf, textOf } from '../../search-params.ts'

export const judgeRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/judges',
    validateSearch: (
      search,
    ): { q?: string; model?: string; page?: number; type?: 'CLASSIFICATION' | 'REGRESSION' } => ({
      ...textOf(search, 'q', 'model'),
      ...countOf(search, 1, 'page'),
      ...choiceOf(search, 'type', ['CLASSIFICATION', 'REGRESSION']),
    }),
    component: lazyRouteComponent(() => import('./judges-page.tsx'), 'JudgesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/judges/new',
    validateSearch: (search): { template?: string; copy?: string } => textOf(search, 'template', 'copy'),
    component: lazyRouteComponent(() => import('./new-judge-page.tsx'), 'NewJudgePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/judges/$judgeId',
    component: lazyRouteComponent(() => import('./judge-page.tsx'), 'JudgePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/judges/$judgeId/edit',
    component: lazyRouteComponent(() => import('./edit-judge-page.tsx'), 'EditJudgePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/judges/$judgeId/revisions',
    validateSearch: (search): { old?: string; new?: string } => textOf(search, 'old', 'new'),
    component: lazyRouteComponent(() => import('./revisions-page.tsx'), 'RevisionsPage'),
  }),
] as const
