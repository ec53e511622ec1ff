import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { RecordRows } from '../../src/storage/record-rows.ts'
import { addRecords, createDataset, datasetsPath } from '../support/datasets.ts'
import { engines } from '../support/engines.ts'
import { startTestAssize, type TestAssize } from '../support/test-assize.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function pathOf(fileUrl: string): string {
  const { pathname, search } = new URL(fileUrl)
  return `${pathname}${search}`
}

/** Each line of a download. */
function linesOf(text: unknown): unknown[] {
  // What is one line alone comes as the JSON that it is.
  if (typeof text !== 'string') return text === undefined ? [] : [text]
  expect(text.endsWith('\n')).toBe(true)
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line))
}

for (const engine of engines) {
  describe(`an export on ${engine.name}`, () => {
    it('has every record as a line, in its order', async () => {
      const assize = await startTestAssize({ engine })
      const { id } = await createDataset(assize)
      const contents = ['What?', 'New\nline', 'Ünïcode 🎉', 'a\0b']
      const added = await addRecords(assize, id, contents)
      const { status, headers, body } = await assize.call(
        'GET',
        `${datasetsPath}/${id}/exports/records.jsonl`,
      )
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        'content-type': 'application/jsonl; charset=utf-8',
        'content-disposition': `attachment; filename="${id}.jsonl"`,
        'cache-control': 'no-store',
      })
      expect(linesOf(body)).toEqual(
        added.map(({ id, payload, properties, source, created_at }) => ({
          id,
          payload,
          properties,
          source,
          created_at,
        })),
      )
    })

    it('of an empty dataset is empty', async () => {
      const assize = await startTestAssize({ engine })
      const { id } = await createDataset(assize)
      const { status, body } = await assize.call('GET', `${datasetsPath}/${id}/exports/records.jsonl`)
      expect([status, body]).toEqual([200, undefined])
    })
  })

  describe(`a link to an export on ${engine.name}`, () => {
    it('leads to the records without a key, until its hour is over', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const { id } = await createDataset(assize)
      await addRecords(assize, id, ['1', '2'])
      const { body } = await call('GET', `${datasetsPath}/${id}/exports/to-jsonl`)
      expect(Object.keys(body)).toEqual(['file_url'])
      const link = pathOf(body.file_url)
      expect(link).toMatch(/\/exports\/records\.jsonl\?token=[\w-]{43}$/)
      const token = new URL(body.file_url).searchParams.get('token') ?? ''
      assize.advance(3_599_999)
      const direct = await call('GET', `${datasetsPath}/${id}/exports/records.jsonl`)
      for (const key of [false, 'unknown'] as const) {
        expect(await call('GET', link, { key })).toMatchObject({ status: 200, body: direct.body })
      }
      expect(assize.logLines.join('')).not.toContain(token)
      assize.advance(1)
      expect(await call('GET', link, { key: false })).toMatchObject({ status: 404 })
      expect(await call('GET', link)).toMatchObject({ status: 404 })
    })

    it('leads to no other dataset, and nowhere when it is changed', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const [one, other] = [await createDataset(assize), await createDataset(assize)]
      const { body } = await call('GET', `${datasetsPath}/${one.id}/exports/to-jsonl`)
      const link = pathOf(body.file_url)
      for (const broken of [
        link.replace(one.id, other.id),
        link.slice(0, -1),
        link.replace(/token=.*/, 'token='),
        `${link}x`,
      ]) {
        const answer = await call('GET', broken, { key: false })
        expect([answer.status, answer.body.detail.error_code], broken).toEqual([404, null])
      }
      expect((await call('GET', `${link}&token=x`, { key: false })).status).toBe(422)
      expect((await call('GET', link.replace(/\?.*/, ''), { key: false })).status).toBe(401)
      expect(
        (await call('GET', link.toUpperCase().replace(/.*\/DATASETS/, datasetsPath), { key: false })).status,
      ).toBe(404)
      expect((await call('GET', link, { key: false })).status).toBe(200)
      await call('DELETE', `${datasetsPath}/${one.id}`)
      expect((await call('GET', link, { key: false })).status).toBe(404)
    })
  })
}

describe('a link to an export', () => {
  it.each([
    ['assize.example:8443', 'http://assize.example:8443'],
    ['[::1]:4800', 'http://[::1]:4800'],
  ])('is on the host that the request names: %s', async (host, origin) => {
    const assize = await startTestAssize()
    const { id } = await createDataset(assize)
    const headers = {
      host,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'ftp',
      forwarded: 'host=evil',
    }
    const { body } = await assize.call('GET', `${datasetsPath}/${id}/exports/to-jsonl`, { headers })
    expect(new URL(body.file_url).origin).toBe(origin)
    expect(body.file_url).not.toContain('evil')
  })

  it.each(['a b', 'user@host', 'host/path', 'host?x', ':1', 'a:b:c'])(
    'is not made for the host %s',
    async (host) => {
      const assize = await startTestAssize()
      const { id } = await createDataset(assize)
      const answer = await assize.call('GET', `${datasetsPath}/${id}/exports/to-jsonl`, { headers: { host } })
      expect(answer).toMatchObject({ status: 422 })
      expect(answer.body.detail.message).toMatch(/^Host: expected the name of this server/)
    },
  )
})

/** A dataset of 10 MB, and its download over a socket. */
async function startDownload(assize: TestAssize): Promise<{ id: string; response: IncomingMessage }> {
  const { id } = await createDataset(assize)
  await addRecords(assize, id, Array(40).fill('x'.repeat(250_000)))
  await assize.assize.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = assize.assize.server.server.address() as AddressInfo
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${assize.key}` }
    const path = `${datasetsPath}/${id}/exports/records.jsonl`
    httpRequest({ host: '127.0.0.1', port, path, headers }, resolve).on('error', reject).end()
  })
  return { id, response }
}

async function readToEnd(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return text
}

describe('a download', () => {
  it('reads records as fast as the client takes them, and no more once it went away', async () => {
    const readOn = vi.spyOn(RecordRows.prototype, 'readOn')
    const assize = await startTestAssize()
    const { response } = await startDownload(assize)
    response.pause()
    // What the sockets hold is read ahead; then nothing is.
    let before = -1
    while (readOn.mock.calls.length > before) {
      before = readOn.mock.calls.length
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(before).toBeLessThan(20)
    response.destroy()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(readOn.mock.calls.length).toBeLessThanOrEqual(before + 1)
    expect((await assize.call('GET', datasetsPath)).status).toBe(200)
  })

  it('has what was there when it began', async () => {
    const assize = await startTestAssize()
    const { id, response } = await startDownload(assize)
    response.pause()
    await addRecords(assize, id, ['too late'])
    const lines = (await readToEnd(response)).slice(0, -1).split('\n')
    expect(lines.length).toBe(40)
    for (const line of lines) expect(JSON.parse(line).properties).toEqual({ about: 'x'.repeat(10) })
    expect((await assize.call('GET', `${datasetsPath}/${id}/records?page_size=0`)).body.records.count).toBe(
      41,
    )
  })

  it('breaks off when the dataset is deleted meanwhile', async () => {
    const readOn = RecordRows.prototype.readOn
    let reads = 0
    vi.spyOn(RecordRows.prototype, 'readOn').mockImplementation(async function (
      this: RecordRows,
      ...stretch
    ) {
      reads += 1
      if (reads === 3) await assize.call('DELETE', `${datasetsPath}/${stretch[1]}`)
      return readOn.apply(this, stretch)
    })
    const assize = await startTestAssize()
    const { response } = await startDownload(assize)
    await expect(readToEnd(response)).rejects.toThrow('aborted')
    expect(reads).toBe(3)
  })
})
