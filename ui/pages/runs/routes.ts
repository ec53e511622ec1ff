import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { type RunState, runStates } from '../../api/runs.ts'
import { shellRoute } from '../../root-routes.tsx'
import { choiceOf, countOf, textOf } from '../../search-params.ts'

interface RunsSearch {
  readonly judge?: string
  readonly dataset?: string
  readonly state?: RunState
  readonly page?: number
}

export const runRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs',
    validateSearch: (search): RunsSearch => ({
      ...textOf(search, 'judge', 'dataset'),
      ...choiceOf(search, 'state', runStates),
      ...countOf(search, 1, 'page'),
    }),
    component: lazyRouteComponent(() => import('./runs-page.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs/new',
    validateSearch: (search): { judge?: string; dataset?: string } => textOf(search, 'judge', 'dataset'),
    component: lazyRouteComponent(() => import('./new-run-page.tsx'), 'NewRunPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs/$runId',
    validateSearch: (search): { answer?: string; outcome?: string; judgment?: string } =>
      textOf(search, 'answer', 'outcome', 'judgment'),
    component: lazyRouteComponent(() => import('./run-page.tsx'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs/$runId/compare',
    validateSearch: (search): { with?: string; flip?: number } => ({
      ...textOf(search, 'with'),
      ...countOf(search, 1, 'flip'),
    }),
    component: lazyRouteComponent(() => import('./compare-page.tsx'), 'ComparePage'),
  }),
] as const
