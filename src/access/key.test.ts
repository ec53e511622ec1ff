import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashKey, hintOf, isSameHash, keyBytes, makeKey } from './key.ts'

it('a key is its 256 bits of chance, fit for a header and for a URL', () => {
  expect(keyBytes).toBe(32)
  expect(makeKey(Buffer.alloc(32))).toBe(`assize_${'A'.repeat(43)}`)
  expect(makeKey(Buffer.alloc(32, 0xff))).toBe(`assize_${'_'.repeat(42)}8`)
  const keys = Array.from({ length: 100 }, () => makeKey(randomBytes(keyBytes)))
  for (const key of keys) expect(key).toMatch(/^assize_[A-Za-z0-9_-]{43}$/)
  expect(new Set(keys).size).toBe(100)
})

it('a hash is the SHA-256 of the key', () => {
  expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

it('a hint tells keys apart and gives little away', () => {
  const key = makeKey(Buffer.alloc(32, 7))
  expect(hintOf(key)).toBe('assize_BwcH…')
  expect(hintOf('a key that somebody chose')).toBe('a ke…')
  expect(hintOf('abc')).toBe('abc…')
})

it('hashes are the same when they are the same text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(isSameHash(hashKey(one), hashKey(other))).toBe(one === other)
      expect(isSameHash(one, one)).toBe(true)
    }),
  )
  expect(isSameHash(hashKey('a'), '')).toBe(false)
  expect(isSameHash(hashKey('a'), hashKey('a').slice(1))).toBe(false)
})
