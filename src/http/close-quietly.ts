import type { Socket } from 'node:net'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Server } from './server.ts'

/** A turn of the event loop that took longer may have kept new arrivals waiting unseen. */
const quietTurnMs = 0.2
/** A server to which requests come so fast that no turn is quiet closes all the same. */
const waitForQuietMs = 2000
/** A connection that says nothing is no request; it is given this long to become one. */
const waitForFirstByteMs = 1000

/**
 * Makes closing lose no request. Closing the listening socket resets the connections that clients made and Node
 * has not taken yet (it takes one a turn, so under load they queue), and closing idle connections those whose next
 * request is unread. So new requests are taken and held, which costs next to nothing, until a turn in which
 * nothing came; then the server stops listening, and works on what it holds. Every answer ends its connection.
 */
export function closeQuietly(server: Server): void {
  const sockets = new Set<Socket>()
  let arrivals = 0
  let isClosing = false
  let release: Promise<void> | undefined
  server.server.on('connection', (socket) => {
    arrivals += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.addHook('onRequest', function hold(_request, _reply, done) {
    arrivals += 1
    if (release === undefined) done()
    else release.then(() => done())
  })
  server.addHook('onSend', function sayLast(_request, reply, payload, done) {
    if (isClosing) reply.header('connection', 'close')
    done(null, payload)
  })
  server.addHook('preClose', async function awaitQuiet() {
    isClosing = true
    if (!server.server.listening) return
    const quiet = quietTurn(() => arrivals)
    // The turn after the quiet one: by then the server has stopped listening.
    release = quiet.then(() => nextTurn())
    await quiet
    delay(waitForFirstByteMs, undefined, { ref: false }).then(() => {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    })
  })
}

async function quietTurn(countArrivals: () => number): Promise<void> {
  const giveUpAtMs = performance.now() + waitForQuietMs
  let seen = Number.NaN
  let turnedAtMs = 0
  for (;;) {
    await nextTurn()
    const nowMs = performance.now()
    const isQuiet = countArrivals() === seen && nowMs - turnedAtMs < quietTurnMs
    if (isQuiet || nowMs > giveUpAtMs) return
    seen = countArrivals()
    turnedAtMs = nowMs
  }
}
