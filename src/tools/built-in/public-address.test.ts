import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address.ts'

interface Addresses {
  readonly public: readonly string[]
  readonly notPublic: readonly string[]
}

const file = new URL('../../../test/support/fixtures/tools/addresses.json', import.meta.url)
const addresses: Addresses = JSON.parse(readFileSync(file, 'utf8'))

/** What Python holds for public, and this does not: by choice, or because IANA listed it after Python 3.11. */
const refusedBeyondPython =
  /^(?:192\.0\.0\.|2001:(?:[0-9a-f]{1,2}|1[0-9a-f]{2}):|2001::|2002:|3fff:(?:[0-9a-f]{1,3})?:)/
const isGivenOut = /^[23][0-9a-f]{3}:/

describe('isPublicAddress', () => {
  it('never holds for public what Python does not', () => {
    expect(addresses.notPublic.length).toBeGreaterThan(700)
    expect(addresses.notPublic.filter(isPublicAddress)).toEqual([])
  })

  it('holds for public what Python does, but for parts of IPv6 that are not given out or hold IPv4', () => {
    const refused = addresses.public.filter((address) => !isPublicAddress(address))
    expect(addresses.public.length).toBeGreaterThan(700)
    const givenOut = refused.filter((address) => !address.includes(':') || isGivenOut.test(address))
    expect(givenOut.filter((address) => !refusedBeyondPython.test(address))).toEqual([])
  })

  it('refuses every IPv6 form of every IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ipv4) => {
        const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
        const high = (a * 256 + b).toString(16)
        const low = (c * 256 + d).toString(16)
        const forms = [`::ffff:${ipv4}`, `::${ipv4}`, `64:ff9b::${ipv4}`, `64:ff9b:1::${ipv4}`]
        forms.push(
          `::ffff:${high}:${low}`,
          `2002:${high}:${low}::1`,
          `2001:0:${high}:${low}::1`,
          `::ffff:0:${ipv4}`,
        )
        expect(forms.filter(isPublicAddress)).toEqual([])
      }),
    )
  })

  it('refuses every private address, computed apart from the list of networks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (bits) => {
        const address = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
        const isPrivate =
          bits >>> 24 === 10 ||
          bits >>> 20 === 0xac1 ||
          bits >>> 16 === 0xc0a8 ||
          bits >>> 24 === 127 ||
          bits >>> 28 >= 14
        if (isPrivate) expect(isPublicAddress(address)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])(
    'holds %s for public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each(['', 'example.org', '127.1', '0x7f.0.0.1', '2606:4700::1%eth0', 'fe80::1%1', '168.63.129.16'])(
    'does not hold %j for public',
    (address) => expect(isPublicAddress(address)).toBe(false),
  )
})
