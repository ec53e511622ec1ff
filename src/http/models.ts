import { z } from 'zod'
import type { Enforcement } from '../judging/model.ts'
import type { Access } from './authenticate.ts'
import { answers, type Server } from './server.ts'

/** A model that this server can serve. */
export interface ShownModel {
  readonly id: string
  readonly ownedBy: string
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly maxContextTokens?: number | undefined
  readonly createdAt?: Date | undefined
  readonly knownForm?: { readonly enforcement: Enforcement; readonly leftOut: readonly string[] } | undefined
}

export interface ModelList {
  list(signal: AbortSignal): Promise<readonly ShownModel[]>
}

const modelBody = z
  .object({
    type: z.literal('base'),
    object: z.literal('model'),
    id: z.string(),
    created: z.int().describe('Seconds since 1970.'),
    owned_by: z.string(),
    name: z.string().nullable(),
    description: z.string().nullable(),
    max_context_length: z.int(),
    capabilities: z.object({
      completion_chat: z.literal(true),
      function_calling: z.boolean(),
      vision: z.boolean(),
    }),
    judging: z
      .object({
        enforcement: z
          .enum(['grammar', 'json_schema', 'tool_call', 'json_object', 'text'])
          .describe('How the form of its answers is enforced.'),
        left_out: z.array(z.string()).describe('Names of what it refuses, and is not sent.'),
      })
      .optional()
      .describe('What was learnt of how the model is asked; absent until something was.'),
  })
  .meta({ id: 'Model' })

/** What the SDKs assume where a provider doesn't say. */
const defaultContextTokens = 32_768

function showModel(model: ShownModel): z.output<typeof modelBody> {
  return {
    type: 'base',
    object: 'model',
    id: model.id,
    created: Math.floor((model.createdAt?.getTime() ?? 0) / 1000),
    owned_by: model.ownedBy,
    name: model.name ?? null,
    description: model.description ?? null,
    max_context_length: model.maxContextTokens ?? defaultContextTokens,
    capabilities: { completion_chat: true, function_calling: false, vision: false },
    ...(model.knownForm && {
      judging: { enforcement: model.knownForm.enforcement, left_out: [...model.knownForm.leftOut] },
    }),
  }
}

export function registerModels(
  server: Server,
  { access, models }: { access: Access; models: ModelList },
): void {
  server.get(
    '/v1/models',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listModels',
        summary: 'List the models that judges can name',
        tags: ['models'],
        response: { 200: z.object({ object: z.literal('list'), data: z.array(modelBody) }), ...answers() },
      },
    },
    async function listModels() {
      const served = await models.list(AbortSignal.timeout(10_000))
      return { object: 'list' as const, data: served.map(showModel) }
    },
  )
}
