import { createBareServer, type Server, type ServerSettings } from './bare-server.ts'
import { type Ping, registerHealth } from './health.ts'

/** What a process without the API answers about itself, not listening yet. */
export function createOpsServer({ ping }: { readonly ping: Ping }, settings: ServerSettings): Server {
  const server = createBareServer(settings)
  registerHealth(server, { ping })
  return server
}
