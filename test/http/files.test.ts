import { describe, expect, it, test } from 'vitest'
import { engines } from '../support/engines.ts'
import { filesLeft, startImporting } from '../support/importing.ts'

const anId = expect.stringMatching(/^[0-9a-f-]{36}$/)
const noId = '00000000-0000-0000-0000-000000000000'
const created = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000

for (const engine of engines) {
  describe(`files on ${engine.name}`, () => {
    it('come, are shown, go out as they came, and go', async () => {
      const { uploadFile, call } = await startImporting({ engine })
      const content = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 31) % 251))
      const { status, body: file } = await uploadFile(content, {
        name: "Ä '1'.bin",
        type: 'text/x-test',
        fields: { purpose: 'batch', visibility: 'workspace', expiry: '2' },
      })
      expect(status).toBe(200)
      expect(file).toEqual({
        id: anId,
        object: 'file',
        bytes: 700_000,
        created_at: created,
        filename: "Ä '1'.bin",
        purpose: 'batch',
        sample_type: 'batch_request',
        num_lines: null,
        mimetype: 'text/x-test',
        source: 'upload',
        signature: null,
        expires_at: created + 7200,
        visibility: 'workspace',
      })
      const path = `/v1/files/${file.id}`
      expect((await call('GET', path)).body).toEqual({ ...file, deleted: false })
      const download = await call('GET', `${path}/content`)
      expect(Buffer.from(download.raw).equals(content)).toBe(true)
      expect(download.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': '700000',
        'content-disposition': `attachment; filename="_ '1'.bin"; filename*=UTF-8''%C3%84%20%271%27.bin`,
        'x-content-type-options': 'nosniff',
      })
      expect((await call('DELETE', path)).body).toEqual({ id: file.id, object: 'file', deleted: true })
      for (const [method, gone] of [
        ['GET', path],
        ['GET', `${path}/content`],
        ['GET', `${path}/url`],
        ['DELETE', path],
      ] as const) {
        expect(await call(method, gone)).toMatchObject({
          status: 404,
          body: { detail: { message: `There is no file ${file.id} in this workspace.`, error_code: null } },
        })
      }
    })

    it('are listed by what is asked for', async () => {
      const { uploadFile, call, advance } = await startImporting({ engine })
      const ids: string[] = []
      for (const form of [
        { name: 'a.jsonl', type: 'application/jsonl' },
        { name: 'b.csv', type: 'text/csv', fields: { purpose: 'batch' } },
        { name: 'c.JSONL', fields: { purpose: 'ours' } },
      ]) {
        ids.push((await uploadFile('x', form)).body.id)
        advance(1000)
      }
      const list = async (query: string) => {
        const { body } = await call('GET', `/v1/files${query}`)
        const found = body.data.map(({ id }: { id: string }) => 'abc'[ids.indexOf(id)])
        return [found.join(''), body.total]
      }
      expect((await call('GET', '/v1/files')).body).toMatchObject({ object: 'list', total: 3 })
      expect(await list('?page=0&page_size=2')).toEqual(['cb', 3])
      expect(await list('?page=1&page_size=2&include_total=false')).toEqual(['a', null])
      expect(await list('?search=jsonl')).toEqual(['ca', 2])
      expect(await list('?purpose=fine-tune')).toEqual(['a', 1])
      expect(await list('?mimetypes=text/csv&mimetypes=application/jsonl')).toEqual(['ba', 2])
      expect(await list('?source=upload&sample_type=batch_request')).toEqual(['b', 1])
      expect(await list('?sample_type=instruct&sample_type=pretrain')).toEqual(['ca', 2])
      expect(await list('?sample_type=instruct&purpose=batch')).toEqual(['', 0])
      expect(await list('?sample_type=batch_request&purpose=ours')).toEqual(['', 0])
      expect(await list('?sample_type=batch_result')).toEqual(['', 0])
      expect(await list('?source=mistral')).toEqual(['', 0])
    })
  })
}

test('a file that expires is found no more, and removed', async () => {
  const { uploadFile, call, advance, config } = await startImporting()
  const { body: file } = await uploadFile('x', { fields: { expiry: '1' } })
  advance(3_599_999)
  expect((await call('GET', `/v1/files/${file.id}`)).status).toBe(200)
  advance(1)
  expect((await call('GET', `/v1/files/${file.id}`)).status).toBe(404)
  const other = await uploadFile('x')
  await call('DELETE', `/v1/files/${other.body.id}`)
  await expect.poll(() => filesLeft(config)).toBe(0)
})

test('a link leads to its file without a key, until it expires', async () => {
  const { uploadFile, call, advance } = await startImporting()
  const { body: file } = await uploadFile('content')
  const { body: other } = await uploadFile('other')
  const headers = { host: 'court.example:4800' }
  const { body: link } = await call('GET', `/v1/files/${file.id}/url?expiry=2`, { headers })
  expect(link.url).toMatch(
    new RegExp(`^http://court\\.example:4800/v1/files/${file.id}/content\\?token=[\\w-]{43}$`),
  )
  const { pathname, search } = new URL(link.url)
  const follow = (path: string) => call('GET', path, { key: false })
  expect(await follow(pathname + search)).toMatchObject({ status: 200, body: 'content' })
  const expired = {
    status: 404,
    body: {
      detail: {
        message:
          'This link is not known, or too old; expected a new one, which GET /v1/files/{file_id}/url gives.',
        error_code: null,
      },
    },
  }
  expect(await follow(`/v1/files/${other.id}/content${search}`)).toMatchObject(expired)
  expect(await follow(`${pathname}?token=x`)).toMatchObject(expired)
  expect(await follow(pathname)).toMatchObject({ status: 401 })
  advance(2 * 3_600_000)
  expect(await follow(pathname + search)).toMatchObject(expired)
  const { body: short } = await call('GET', `/v1/files/${file.id}/url`)
  await call('DELETE', `/v1/files/${file.id}`)
  expect(await follow(short.url.slice('http://localhost:80'.length))).toMatchObject(expired)
})

test('only what belongs to no import is a file', async () => {
  const { importForm, call } = await startImporting()
  await importForm('{"messages":[{"role":"user","content":"Hi"}]}\n'.repeat(1000))
  expect((await call('GET', '/v1/files')).body.data).toEqual([])
})

it.each([
  [{ purpose: '' }, 422, /^purpose: /],
  [{ expiry: '0' }, 422, 'expiry: expected a whole number of hours from 1 to 87600, found "0".'],
  [{ expiry: '90000' }, 422, /^expiry: expected a whole number of hours/],
  [
    { visibility: 'user' },
    400,
    'visibility is "user"; expected "workspace": this server has no files that only their owner sees.',
  ],
])('a file is refused with what is wrong: %j', async (fields, status, message) => {
  const { uploadFile, config } = await startImporting()
  const answer = await uploadFile('x', { fields: fields as Record<string, string> })
  expect(answer.status).toBe(status)
  if (typeof message === 'string') expect(answer.body.detail.message).toBe(message)
  else expect(answer.body.detail.message).toMatch(message)
  await expect.poll(() => filesLeft(config)).toBe(0)
})

it.each([
  ['?page=-1', 'page: expected one whole number from 0, found "-1".'],
  ['?page_size=1001', 'page_size: expected one whole number from 0 to 1000, found "1001".'],
  ['?include_total=perhaps', 'include_total: expected true or false, found "perhaps".'],
  ['/x', 'file_id: expected a UUID, found "x".'],
  [`/${noId}/url?expiry=0`, 'expiry: expected one whole number of hours from 1 to 8760, found "0".'],
  [`/${noId}/url?expiry=9000`, 'expiry: expected one whole number of hours from 1 to 8760, found "9000".'],
])('a query is refused with what is wrong: %s', async (query, message) => {
  const { call } = await startImporting()
  expect(await call('GET', `/v1/files${query}`)).toMatchObject({
    status: 422,
    body: { detail: { message, error_code: 'VALIDATION_ERROR' } },
  })
})
