import { Agent, request as httpRequest } from 'node:http'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly isLast: boolean
}

/** The server no longer took a connection, so that it never saw the request. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected'
}

/** A connection was there, the request went out, and no whole answer came back. */
export class Dropped extends Error {
  override readonly name = 'Dropped'
}

interface ClientSettings {
  readonly url: string
  readonly key: string
  /** Whether all requests go over one connection, one after the other, or each over one of its own. */
  readonly keepsAlive: boolean
}

export type Send = (method: string, path: string, body?: unknown) => Promise<Answer>

/** A client that tells a request which was never taken from one that was taken and not answered. */
export function createClient({ url, key, keepsAlive }: ClientSettings): Send {
  const agent = new Agent({ keepAlive: keepsAlive, maxSockets: 1 })
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }
      let isConnected = false
      const request = httpRequest(new URL(path, url), { method, agent, headers }, (response) => {
        let received = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => {
          received += chunk
        })
        response.on('error', fail)
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            body: received === '' ? undefined : JSON.parse(received),
            isLast: response.headers.connection === 'close',
          })
        })
      })
      function fail(cause: Error): void {
        const message = `${method} ${path}: ${cause.message}`
        reject(isConnected ? new Dropped(message, { cause }) : new NotConnected(message, { cause }))
      }
      request.on('socket', (socket) => {
        isConnected = !socket.connecting
        if (socket.connecting)
          socket.once('connect', () => {
            isConnected = true
          })
      })
      request.on('error', fail)
      request.end(text)
    })
}
