import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, LookupFunction, Socket } from 'node:net'
import { buildConnector } from 'undici'
import type { OpenConnector } from '../../../src/tools/built-in/public-connector.ts'

export const publicAddress = '93.184.216.34'

/** A server on this machine that answers in the place of the public internet. */
export interface PageSite extends AsyncDisposable {
  readonly port: number
  /** The addresses that connections would have gone to. */
  readonly connectedTo: string[]
  readonly sockets: ReadonlySet<Socket>
  readonly openConnector: OpenConnector
}

export async function startPageSite(listener: RequestListener): Promise<PageSite> {
  const server = createServer(listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connectedTo: string[] = []
  const openConnector: OpenConnector = (lookup, signal) => {
    const connect = buildConnector({ allowH2: false, signal } as buildConnector.BuildOptions)
    return (options, callback) =>
      lookup(options.hostname, { all: true }, (error, addresses) => {
        if (error) return callback(error, null)
        connectedTo.push(JSON.stringify(addresses))
        connect({ ...options, protocol: 'http:', hostname: '127.0.0.1', port: String(port) }, callback)
      })
  }
  return {
    port,
    connectedTo,
    sockets,
    openConnector,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A lookup that gives these addresses, each time the next ones; the last ones stay. */
export function lookupOf(...turns: readonly (readonly string[])[]): LookupFunction {
  let turn = 0
  return (_hostname, _options, callback) => {
    const addresses = turns[Math.min(turn, turns.length - 1)] ?? []
    turn += 1
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}
