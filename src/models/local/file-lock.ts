import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 200

/**
 * Waits until no other process and no other call holds the lock of this file, and holds it until disposed of.
 * @param path a file made for this; it stays behind empty, as removing it would let two holders in
 * @param onWait called once when someone else holds the lock
 * @throws the signal's reason, when it is aborted while waiting.
 */
export async function lockFile(path: string, signal: AbortSignal, onWait: () => void): Promise<Disposable> {
  // SQLite takes the operating system's own lock, which goes when its holder dies, however that happens.
  const database = new DatabaseSync(path)
  try {
    for (let attempt = 0; !tryLock(database); attempt += 1) {
      if (attempt === 0) onWait()
      await sleep(pollMs, undefined, { signal })
    }
  } catch (error) {
    database.close()
    throw signal.aborted ? signal.reason : error
  }
  return { [Symbol.dispose]: () => database.close() }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) return false
    throw error
  }
}
