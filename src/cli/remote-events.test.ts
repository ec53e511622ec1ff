import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RemoteEvent, readEvents } from './remote-events.ts'

async function eventsIn(...chunks: readonly (string | Buffer)[]): Promise<readonly RemoteEvent[]> {
  const found: RemoteEvent[] = []
  for await (const event of readEvents(Readable.from(chunks, { objectMode: false }))) found.push(event)
  return found
}

const text = [
  ': hello\n\n',
  'event: progress\ndata: {"name": "é"}\n\n',
  'id: 1\r\ndata: one\r\ndata:two\r\n\r\n',
  'event: nothing\n\n',
  'data\n\n',
  'event: progress\ndata: cut off',
].join('')

const events = [
  { event: 'progress', data: '{"name": "é"}' },
  { event: 'message', data: 'one\ntwo' },
  { event: 'message', data: '' },
]

describe('server-sent events', () => {
  it('are read as they are written', async () => {
    expect(await eventsIn(text)).toEqual(events)
  })

  it('are read however they are cut', async () => {
    const bytes = Buffer.from(text)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (cuts) => {
        const at = [0, ...cuts.toSorted((one, other) => one - other), bytes.length]
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        expect(await eventsIn(...chunks.filter((chunk) => chunk.length > 0))).toEqual(events)
      }),
    )
  })

  it('end with the failure of their stream', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'data: one\n\n'
      throw new Error('terminated')
    }
    const seen: RemoteEvent[] = []
    const reading = async (): Promise<void> => {
      for await (const event of readEvents(Readable.from(broken(), { objectMode: false }))) seen.push(event)
    }
    await expect(reading()).rejects.toThrow('terminated')
    expect(seen).toEqual([{ event: 'message', data: 'one' }])
  })
})
