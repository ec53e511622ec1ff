import type { Access } from './authenticate.ts'
import type { Server } from './bare-server.ts'

/** The metrics of this process, as Prometheus reads them, with their media type. */
export type RenderMetrics = () => Promise<{ readonly contentType: string; readonly text: string }>

interface MetricsRoute {
  readonly renderMetrics: RenderMetrics
  /** Asks for an admin's key: they tell what all workspaces do. Absent: open to whoever can reach the server. */
  readonly access?: Access
}

export function registerMetrics(server: Server, { renderMetrics, access }: MetricsRoute): void {
  server.get(
    '/metrics',
    {
      schema: { hide: true },
      ...(access && { onRequest: access.requires('manage_keys', { isCounted: false }) }),
    },
    async function showMetrics(_request, reply) {
      const { contentType, text } = await renderMetrics()
      return reply.type(contentType).send(text)
    },
  )
}
