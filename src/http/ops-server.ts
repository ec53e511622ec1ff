import { createBareServer, type Server, type ServerSettings } from './bare-server.ts'
import { type Ping, registerHealth } from './health.ts'
import { type RenderMetrics, registerMetrics } from './metrics.ts'

interface OpsServices {
  readonly ping: Ping
  readonly renderMetrics: RenderMetrics
}

/** What a process without the API answers about itself, not listening yet. Nobody is asked for a key. */
export function createOpsServer({ ping, renderMetrics }: OpsServices, settings: ServerSettings): Server {
  const server = createBareServer(settings)
  registerHealth(server, { ping })
  registerMetrics(server, { renderMetrics })
  return server
}
