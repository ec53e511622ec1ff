import { z } from 'zod'
import type { ToolDirectory } from '../judging/tool.ts'
import type { Access } from './authenticate.ts'
import { answers, type Server } from './server.ts'

export type ToolList = Pick<ToolDirectory, 'list'>

const toolBody = z
  .object({
    name: z.string().describe("What a judge's tools can say."),
    description: z.string(),
  })
  .meta({ id: 'Tool' })

export function registerTools(server: Server, { access, tools }: { access: Access; tools: ToolList }): void {
  server.get(
    '/v1/observability/tools',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listTools',
        summary: "List the tools that the workspace's judges can name",
        tags: ['tools'],
        response: { 200: z.object({ tools: z.array(toolBody) }), ...answers() },
      },
    },
    async function listTools(request) {
      const served = await tools.list(access.callerOf(request).workspaceId, AbortSignal.timeout(10_000))
      return { tools: served.map(({ name, description }) => ({ name, description })) }
    },
  )
}
