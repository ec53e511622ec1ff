import { type RecordedProvider, recordedAnswer } from '../test/support/fixtures/providers/recorded-answer.ts'
import { startProviderServer } from '../test/support/provider-server.ts'

/**
 * A model server with no latency, in a process of its own. It speaks chat-completions, or always says what a
 * provider answered once: `provider.ts anthropic message`.
 */
const [, , provider, name] = process.argv
const server = await startProviderServer()
if (provider !== undefined) server.always(recordedAnswer(provider as RecordedProvider, name ?? ''))
// Kept requests would be the benchmark's own garbage.
setInterval(() => server.requests.splice(0), 100)
process.once('SIGTERM', () => process.exit(0))
process.stdout.write(`${server.baseUrl}\n`)
