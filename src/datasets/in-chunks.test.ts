import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inChunks } from './in-chunks.ts'

it('gives all bytes in chunks of one size', async () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 20 }))
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 7 }), async (given, size) => {
      async function* bytes() {
        yield* given
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of inChunks(bytes(), size)) chunks.push(Buffer.from(chunk))
      const whole = Buffer.concat(given)
      expect(Buffer.concat(chunks).equals(whole)).toBe(true)
      const lengths = chunks.map(({ length }) => length)
      const rest = whole.length % size
      expect(lengths).toEqual([
        ...Array.from({ length: Math.floor(whole.length / size) }, () => size),
        ...(rest === 0 ? [] : [rest]),
      ])
    }),
  )
})
