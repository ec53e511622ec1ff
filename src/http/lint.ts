import { z } from 'zod'
import { definitionDocument, toDefinition } from '../judges/definition-document.ts'
import { checkInstructions } from '../judges/instructions.ts'
import { type FindingCode, severities } from '../judges/lint/finding.ts'
import { lintDefinition } from '../judges/lint.ts'
import type { Access } from './authenticate.ts'
import { answers, type Server } from './server.ts'

const codes = Object.keys(severities) as [FindingCode, ...FindingCode[]]

const findingBody = z
  .object({
    code: z.enum(codes),
    severity: z.enum(['warning', 'hint']),
    path: z.string().describe('The field.'),
    line: z.int().nullable().describe('In the instructions, from 1; null in other fields.'),
    message: z.string().describe('What is likely wrong, and what would be right.'),
  })
  .meta({ id: 'Finding' })

export function registerLint(server: Server, { access }: { readonly access: Access }): void {
  server.post(
    '/v1/observability/judges/lint',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'lintJudge',
        summary: 'List what is likely wrong with a definition, without saving it',
        tags: ['judges'],
        body: definitionDocument,
        response: { 200: z.object({ findings: z.array(findingBody) }), ...answers(400) },
      },
    },
    async function lintJudge(request) {
      const definition = toDefinition(request.body)
      checkInstructions(definition.instructions)
      const findings = lintDefinition(definition).map((finding) => ({
        ...finding,
        line: finding.line ?? null,
      }))
      return { findings }
    },
  )
}
