import { z } from 'zod'
import { definitionDocument, toDefinition } from '../judges/definition-document.ts'
import type { UnsavedJudging } from '../judging/unsaved-judging.ts'
import { answerWithJudgment, askedFields, askedQuery, readAsked } from './asked-judgment.ts'
import type { Access } from './authenticate.ts'
import { judgmentBody } from './judgment-body.ts'
import { materialFields } from './live-judging.ts'
import { answers, type Server } from './server.ts'

const definitionField = { judge_definition: definitionDocument }

interface UnsavedServices {
  readonly access: Access
  readonly unsavedJudging: UnsavedJudging
}

/** What a definition does before it is saved. */
export function registerUnsavedJudging(server: Server, { access, unsavedJudging }: UnsavedServices): void {
  server.post(
    '/v1/observability/judges/preview',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'previewPrompt',
        summary: 'Show the prompt with which a judgment begins, without asking a model',
        tags: ['judges'],
        body: z.object({ ...definitionField, ...materialFields }),
        response: {
          200: z.object({
            messages: z.array(z.object({ role: z.string(), content: z.string() })),
          }),
          ...answers(400),
        },
      },
    },
    async function previewPrompt(request) {
      const { judge_definition: definition, messages, properties } = request.body
      return { messages: [...unsavedJudging.preview(toDefinition(definition), { messages, properties })] }
    },
  )
  server.post(
    '/v1/observability/judges/try',
    {
      onRequest: access.requires('judge'),
      schema: {
        operationId: 'tryJudge',
        summary: 'Judge a conversation by a definition that is not saved; the judgment is not kept',
        tags: ['judges'],
        querystring: askedQuery,
        body: z.object({ ...definitionField, ...materialFields, ...askedFields }),
        response: { 200: judgmentBody, ...answers(400, 408, 429, 502) },
      },
    },
    async function tryJudge(request, reply) {
      const { judge_definition: definition, messages, properties } = request.body
      const asked = readAsked(request.query, request.body)
      return answerWithJudgment(reply, asked, (abandoned) =>
        unsavedJudging.judge(
          access.callerOf(request),
          toDefinition(definition),
          { messages, properties },
          abandoned,
          asked.wanted,
        ),
      )
    },
  )
}
