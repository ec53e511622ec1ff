import type { KeyStore } from './key-store.ts'

/** Uses are written at most this often for a key, so that a call seldom costs a write. */
const writtenEveryMs = 60_000

/** When each key was last used, kept here until it is written. */
export class KeyUses {
  readonly #store: Pick<KeyStore, 'markUsed'>
  /** Key id -> the last use, until it is written. */
  #unwritten = new Map<string, Date>()
  readonly #written = new Map<string, number>()

  constructor(store: Pick<KeyStore, 'markUsed'>) {
    this.#store = store
  }

  note(keyId: string, at: Date): void {
    const writtenMs = this.#written.get(keyId)
    this.#unwritten.set(keyId, at)
    if (writtenMs !== undefined && at.getTime() - writtenMs < writtenEveryMs) return
    this.#written.set(keyId, at.getTime())
    // A use that can't be written is no reason to refuse the call.
    this.write().catch(() => undefined)
  }

  /** Writes the uses that are not written yet. */
  async write(): Promise<void> {
    const uses = this.#unwritten
    if (uses.size === 0) return
    this.#unwritten = new Map()
    await this.#store.markUsed(uses)
  }
}
