import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../root-routes.tsx'
import { countOf, textOf } from '../../search-params.ts'

export const datasetRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/datasets',
    validateSearch: (search): { q?: string; page?: number } => ({
      ...textOf(search, 'q'),
      ...countOf(search, 1, 'page'),
    }),
    component: lazyRouteComponent(() => import('./datasets-page.tsx'), 'DatasetsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/datasets/new',
    component: lazyRouteComponent(() => import('./new-dataset-page.tsx'), 'NewDatasetPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/datasets/$datasetId',
    validateSearch: (search): { record?: string; task?: string } => textOf(search, 'record', 'task'),
    component: lazyRouteComponent(() => import('./dataset-page.tsx'), 'DatasetPage'),
  }),
] as const
