import { startProviderServer } from '../test/support/provider-server.ts'

/** A model server with no latency, in a process of its own. */
const server = await startProviderServer()
// Kept requests would be the benchmark's own garbage.
setInterval(() => server.requests.splice(0), 100)
process.once('SIGTERM', () => process.exit(0))
process.stdout.write(`${server.baseUrl}\n`)
