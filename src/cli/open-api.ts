import { Readable } from 'node:stream'
import type { Io } from './commands.ts'
import { listPages, openRemote, type Remote, type RemoteAnswer } from './remote.ts'
import { RemoteError } from './remote-error.ts'

/** The calls of the API that a command needs. */
export type Api = Pick<Remote, 'call' | 'list'> & AsyncDisposable

/**
 * The API of a server, or without one that of this machine's database: the same calls, which nobody listens for.
 * @throws UsageError where the URL or the key can't be used; ConfigError, AssizeError where the database can't be opened
 */
export function openApi(
  { server, keyFile }: { readonly server?: string | undefined; readonly keyFile?: string | undefined },
  io: Io,
): Promise<Api> {
  return server === undefined ? openLocalApi(keyFile, io) : openRemote({ url: server, keyFile }, io)
}

async function openLocalApi(keyFile: string | undefined, io: Io): Promise<Api> {
  const [{ createAssize }, { loadConfig }, { findRemoteKey }] = await Promise.all([
    import('../assize.ts'),
    import('../config.ts'),
    import('./remote-key.ts'),
  ])
  const key = await findRemoteKey(new URL('http://localhost'), keyFile, io)
  const assize = await createAssize({ ...loadConfig(io.env, io.workingDir), logLevel: 'warn' as const })
  const call: Api['call'] = async (method, path, options = {}): Promise<RemoteAnswer> => {
    const { json, upload, headers } = options
    const answer = await assize.server.inject({
      method,
      url: path,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(json !== undefined && { payload: json as object }),
      ...(upload && { payload: Readable.from(upload) }),
    })
    const body = answer.body === '' ? undefined : JSON.parse(answer.body)
    if (answer.statusCode < 300) return { status: answer.statusCode, headers: {}, body }
    throw new RemoteError(body?.detail?.message ?? answer.body, {
      status: answer.statusCode,
      errorCode: body?.detail?.error_code ?? null,
    })
  }
  return {
    call,
    list: (path, plural) => listPages((page) => call('GET', page), path, plural),
    [Symbol.asyncDispose]: () => assize[Symbol.asyncDispose](),
  }
}
