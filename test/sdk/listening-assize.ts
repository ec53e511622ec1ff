import type { AddressInfo } from 'node:net'
import { AssizeError } from '../../src/errors.ts'
import { ModelFailure, type ModelReply, type ModelRequest } from '../../src/judging/model.ts'
import { startTestAssize, type TestAssize } from '../support/test-assize.ts'

export interface ListeningAssize extends TestAssize {
  readonly url: string
  readonly keys: Readonly<Record<'viewer' | 'otherWorkspace' | 'revoked' | 'expired', string>>
}

/** What the scripted model does, by the name that a judge calls it. */
const modelsByName: Readonly<
  Record<string, (request: ModelRequest, signal: AbortSignal) => Promise<Partial<ModelReply>>>
> = {
  'limits-rate': fails(new ModelFailure('rate_limited', 'Too many requests.', { retryAfterMs: 7000 })),
  'refuses-request': fails(new ModelFailure('invalid_request', 'The provider refused the request.')),
  'keeps-failing': fails(new ModelFailure('provider_failed', 'The provider answered 500 four times.')),
  'talks-nonsense': async () => ({ text: 'I would rather talk about the weather.' }),
  'never-answers': (_request, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    }),
  'loses-the-database': fails(new AssizeError('database_unavailable', 'The database does not answer.')),
  breaks: fails(new Error('secret of the machine')),
}

function fails(error: Error): () => Promise<never> {
  return () => Promise.reject(error)
}

/** A test's Assize that really listens, with models that fail in each way there is. */
export async function startListeningAssize(): Promise<ListeningAssize> {
  const judging = {
    deadlineMs: 1000,
    maxOutputTokens: 512,
    maxAttempts: 1,
    maxToolRounds: 8,
    sampleTemperature: 1,
  }
  // Tests here send wrong keys from one address, on purpose and fast.
  const limits = {}
  const started = await startTestAssize({ config: { judging, limits, maxBodyBytes: 65_536 } })
  const { assize, model, config } = started
  model.script(async (request, signal) => (modelsByName[request.modelName] ?? answer)(request, signal))
  await assize.server.listen({ host: config.host, port: 0 })
  const { port } = assize.server.server.address() as AddressInfo
  return { ...started, url: `http://127.0.0.1:${port}`, keys: await makeKeys(started) }
}

/** The first option, or the middle of the range. */
async function answer({ output }: ModelRequest): Promise<Partial<ModelReply>> {
  const said = output.type === 'CLASSIFICATION' ? output.options[0]?.value : (output.min + output.max) / 2
  return { text: JSON.stringify({ analysis: 'It is as scripted.', answer: said }) }
}

async function makeKeys({ assize, keyOf }: TestAssize): Promise<ListeningAssize['keys']> {
  const request = { role: 'editor', workspaceName: 'default', ownerName: 'tester', expiresAt: null } as const
  const revoked = await assize.keys.create({ ...request, name: 'revoked' })
  await assize.keys.revoke('default', revoked.record.id)
  const expired = await assize.keys.create({ ...request, name: 'expired', expiresAt: new Date(0) })
  return {
    viewer: await keyOf('viewer'),
    otherWorkspace: await keyOf('editor', 'elsewhere'),
    revoked: revoked.key,
    expired: expired.key,
  }
}
