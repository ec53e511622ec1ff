import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, taken } from './client.ts'
import type { Definition, Judge } from './shapes.ts'

export const judgesPerPage = 20

export interface JudgesAsked {
  readonly q?: string
  readonly type?: 'CLASSIFICATION' | 'REGRESSION'
  readonly model?: string
  readonly page?: number
}

function queryOf({ q, type, model, page = 1 }: JudgesAsked) {
  return {
    page: String(page),
    page_size: String(judgesPerPage),
    ...(q && { q }),
    ...(type && { type_filter: [type] }),
    ...(model && { model_filter: [model] }),
  }
}

export function judgesQuery(asked: JudgesAsked) {
  const query = queryOf(asked)
  return queryOptions({
    queryKey: ['judges', 'list', query],
    queryFn: async ({ signal }) =>
      (await taken(api.GET('/v1/observability/judges', { params: { query }, signal }))).judges,
    placeholderData: keepPreviousData,
  })
}

/** The same with what each judge did lately. */
export function activeJudgesQuery(asked: JudgesAsked) {
  const query = queryOf(asked)
  return queryOptions({
    queryKey: ['judges', 'active', query],
    queryFn: async ({ signal }) =>
      (await taken(api.GET('/v1/observability/judges/overview', { params: { query }, signal }))).judges,
    placeholderData: keepPreviousData,
  })
}

export function judgeQuery(judgeId: string) {
  return queryOptions({
    queryKey: ['judges', 'one', judgeId],
    queryFn: async ({ signal }): Promise<SavedJudge> => {
      const call = api.GET('/v1/observability/judges/{judge_id}', {
        params: { path: { judge_id: judgeId } },
        signal,
      })
      const judge = await taken(call)
      return { judge, etag: (await call).response.headers.get('etag') ?? '*' }
    },
  })
}

/** A judge, and what names the revision that it was read at. */
export interface SavedJudge {
  readonly judge: Judge
  readonly etag: string
}

/** The newest hundred, newest first. */
export function revisionsQuery(judgeId: string) {
  return queryOptions({
    queryKey: ['judges', 'revisions', judgeId],
    queryFn: async ({ signal }) =>
      (
        await taken(
          api.GET('/v1/observability/judges/{judge_id}/revisions', {
            params: { path: { judge_id: judgeId }, query: { page_size: '100' } },
            signal,
          }),
        )
      ).revisions,
  })
}

export const templatesQuery = queryOptions({
  queryKey: ['judge-templates'],
  queryFn: async ({ signal }) =>
    (await taken(api.GET('/v1/observability/judge-templates', { signal }))).templates,
  staleTime: Number.POSITIVE_INFINITY,
})

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async ({ signal }) => (await taken(api.GET('/v1/models', { signal }))).data,
  staleTime: 60_000,
})

export const toolsQuery = queryOptions({
  queryKey: ['tools'],
  queryFn: async ({ signal }) => (await taken(api.GET('/v1/observability/tools', { signal }))).tools,
  staleTime: 60_000,
})

/** @throws ApiError */
export function createJudge(definition: Definition): Promise<Judge> {
  return taken(api.POST('/v1/observability/judges', { body: definition }))
}

/**
 * Saves a definition as the judge's next revision, unless another was saved since this one was read.
 * @throws ApiError with status 412 where it was
 */
export async function replaceJudge({ judge, etag }: SavedJudge, definition: Definition): Promise<void> {
  await taken(
    api.PUT('/v1/observability/judges/{judge_id}', {
      params: { path: { judge_id: judge.id }, header: { 'if-match': etag } },
      body: definition,
    }),
  )
}

/** @throws ApiError */
export async function removeJudge(judgeId: string): Promise<void> {
  await taken(api.DELETE('/v1/observability/judges/{judge_id}', { params: { path: { judge_id: judgeId } } }))
}
