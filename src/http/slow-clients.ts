import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { answerBrokenHttp } from './answer-error.ts'
import type { Server } from './bare-server.ts'

interface SlowClientSettings {
  readonly clientTimeoutMs: number
  readonly log: FastifyBaseLogger
  readonly newRequestId: () => string
}

/** A client that is told of its end may read that before its connection goes. */
const lastWordsMs = 1000

const deadlines = new WeakMap<IncomingMessage, NodeJS.Timeout>()

/**
 * Lets go of clients that would hold a connection and what belongs to it for ever: one whose body does not come to its end in
 * time, one that stops in the middle of an upload, and one that does not read its answer. Whoever waits for an answer
 * that is still being made has all the time that takes.
 */
export function letSlowClientsGo(server: Server, settings: SlowClientSettings): void {
  server.addHook('onRequest', function watchClient(request, reply, done) {
    const { raw } = request
    const { socket } = raw
    if (raw.complete === false) expectBody(raw, socket, settings)
    // Node closes an idle connection by itself unless somebody listens, so both are to be listened to.
    raw.on('timeout', () => {
      if (raw.readableLength === 0) refuse(raw, socket, settings)
    })
    reply.raw.on('timeout', () => {
      if (reply.raw.writableLength === 0 && socket.writableLength === 0) return
      request.log.info({ seconds: settings.clientTimeoutMs / 1000 }, 'a client did not read its answer')
      socket.destroy()
    })
    done()
  })
}

/** Where a body may take as long as something of it comes. */
export function takeTimeForBody({ raw }: Pick<FastifyRequest, 'raw'>): void {
  clearTimeout(deadlines.get(raw))
}

function expectBody(raw: IncomingMessage, socket: Socket, settings: SlowClientSettings): void {
  const deadline = setTimeout(() => refuse(raw, socket, settings), settings.clientTimeoutMs)
  deadlines.set(raw, deadline.unref())
  raw.once('close', () => clearTimeout(deadline))
}

function refuse(raw: IncomingMessage, socket: Socket, settings: SlowClientSettings): void {
  if (raw.complete !== false || socket.destroyed) return
  answerBrokenHttp({ ...tooSlow, code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket, settings)
  setTimeout(() => socket.destroy(), lastWordsMs).unref()
}

const tooSlow = { name: 'Error', message: 'The request did not come to its end in time.' }
