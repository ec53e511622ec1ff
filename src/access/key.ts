import { hash, timingSafeEqual } from 'node:crypto'

/** Bytes of chance in a key. */
export const keyBytes = 32

const madePrefix = 'assize_'

/**
 * A key as its bearer writes it.
 * @param random `keyBytes` bytes of a cryptographic source
 * @example makeKey(randomBytes(keyBytes)) // 'assize_Qk0v...' with 43 characters after the underscore
 */
export function makeKey(random: Buffer): string {
  return `${madePrefix}${makeSecret(random)}`
}

/** What no one can guess, for what is no key but is kept like one: 43 characters of `keyBytes` bytes. */
export function makeSecret(random: Buffer): string {
  return random.toString('base64url')
}

/**
 * What is stored of a key: its SHA-256 as 64 hex digits. A slow hash would add nothing, since a key is no
 * password: it can't be guessed.
 */
export function hashKey(key: string): string {
  return hash('sha256', key)
}

/** What a list shows of a key, to tell it from others: little of one that somebody chose, which may be short. */
export function hintOf(key: string): string {
  return `${key.slice(0, key.startsWith(madePrefix) ? madePrefix.length + 4 : 4)}…`
}

/** Whether two hashes are the same, in a time that doesn't depend on where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}
