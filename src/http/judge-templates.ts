import { z } from 'zod'
import { fromDefinition, shownDefinition } from '../judges/definition-document.ts'
import { judgeTemplates } from '../judges/judge-templates.ts'
import type { Access } from './authenticate.ts'
import { answers, type Server } from './server.ts'

const templateBody = z
  .object({
    id: z.string(),
    definition: shownDefinition.omit({ model_name: true }),
    example: z
      .object({
        messages: z.array(z.record(z.string(), z.unknown())),
        properties: z.record(z.string(), z.unknown()).optional(),
      })
      .describe('A conversation that shows what it is for.'),
  })
  .meta({ id: 'JudgeTemplate' })

/** Definitions to start from; they lack a model. */
export function registerJudgeTemplates(server: Server, { access }: { readonly access: Access }): void {
  server.get(
    '/v1/observability/judge-templates',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listJudgeTemplates',
        summary: 'List definitions to start a judge from, each with an example conversation',
        tags: ['judges'],
        response: { 200: z.object({ templates: z.array(templateBody) }), ...answers() },
      },
    },
    async function listJudgeTemplates() {
      return { templates: shown }
    },
  )
}

const shown = judgeTemplates.map(({ id, definition, example }) => {
  const { model_name: _, ...rest } = fromDefinition({ ...definition, modelName: '' })
  return { id, definition: rest, example: example as z.output<typeof templateBody>['example'] }
})
