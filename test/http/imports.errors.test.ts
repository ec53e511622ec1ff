import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it, test } from 'vitest'
import { datasetsPath, filesLeft, formOf, startImporting } from '../support/importing.ts'
import type { Answer } from '../support/test-assize.ts'

const noId = '00000000-0000-0000-0000-000000000000'
const line = '{"messages":[{"role":"user","content":"Hi"}]}\n'

function shown({ status, body }: Answer): unknown {
  return { status, ...body.detail }
}

test('a body of another type', async () => {
  const { importBody, call, datasetPath } = await startImporting()
  const expected = {
    status: 422,
    message:
      'The body\'s type is "image/png"; expected "Content-Type: multipart/form-data" with the file in the field "file", or one of application/jsonl, application/jsonlines, application/x-jsonlines, application/ndjson, application/x-ndjson, application/json, text/csv, text/tab-separated-values, application/vnd.apache.parquet.',
    error_code: 'VALIDATION_ERROR',
  }
  expect(shown(await importBody(line, 'image/png'))).toEqual(expected)
  expect(shown(await call('POST', `${datasetPath}/imports/upload`))).toEqual({
    ...expected,
    message: expected.message.replace('image/png', 'none'),
  })
  expect(shown(await call('POST', '/v1/files', { body: {} }))).toEqual({
    status: 422,
    message:
      'The body has another type; expected "Content-Type: multipart/form-data" with the file in the field "file".',
    error_code: 'VALIDATION_ERROR',
  })
})

const part = (name: string, value = 'x', file = '') =>
  `--b\r\ncontent-disposition: form-data; name="${name}"${file && `; filename="${file}"`}\r\n\r\n${value}\r\n`

it.each([
  [
    'has no file',
    `${part('format', 'csv')}--b--\r\n`,
    'can\'t be taken: it has no file; expected one file, in the field "file".',
  ],
  ['has its file elsewhere', `${part('data', 'x', 'a.csv')}--b--\r\n`, 'it has a file in the field "data"'],
  [
    'has two files',
    `${part('file', 'x', 'a.csv')}${part('file', 'x', 'b.csv')}--b--\r\n`,
    'it has more than one file',
  ],
  ['has no end', part('file', 'x', 'a.csv'), "can't be read: "],
  ['has no end of its header', '--b\r\ncontent-disposition: form-data; name="file"', "can't be read: "],
  ['is empty', '', "can't be read: "],
  [
    'has a long field',
    `${part('format', 'x'.repeat(100_001))}${part('file', 'x', 'a')}--b--\r\n`,
    'the field "format" is longer than 100000 bytes',
  ],
  [
    'has many fields',
    `${part('format').repeat(21)}${part('file', 'x', 'a')}--b--\r\n`,
    'it has more than 20 fields',
  ],
])('a form that %s', async (_name, body, message) => {
  const { importBody, call, config } = await startImporting()
  const type = 'multipart/form-data; boundary=b'
  const answers = [
    await importBody(body, type),
    await call('POST', '/v1/files', { body, headers: { 'content-type': type } }),
  ]
  for (const answer of answers) {
    expect(shown(answer)).toEqual({
      status: 422,
      message: expect.stringMatching(/^The form can't be (?:taken|read): .*\.$/),
      error_code: 'VALIDATION_ERROR',
    })
    expect(answer.body.detail.message).toContain(message)
  }
  await expect.poll(() => filesLeft(config)).toBe(0)
})

test('a form without a boundary', async () => {
  const { importBody } = await startImporting()
  expect(shown(await importBody(line, 'multipart/form-data'))).toMatchObject({
    status: 422,
    message: "The form can't be read: Multipart: Boundary not found.",
  })
})

it.each([
  [{ format: 'xml' }, 'format: expected one of "jsonl", "json", "csv", "tsv", "parquet", found "xml".'],
  [{ mapping: '{' }, 'mapping: expected a mapping as JSON, found "{".'],
  [{ mapping: '{}' }, 'mapping.input: expected string, found nothing.'],
  [{ mapping: '{"input":"a","outptu":"b"}' }, /mapping: .*"outptu"/],
  [{ mapping: '{"input":"","json":"a"}' }, /mapping\.input: .* mapping\.json: expected array, found "a"\.$/],
])('what an upload says of itself: %j', async (fields, message) => {
  const { importForm, importBody, config } = await startImporting()
  const query = `?${new URLSearchParams(fields as Record<string, string>)}`
  for (const answer of [await importForm(line, { fields }), await importBody(line, 'text/csv', query)]) {
    expect(shown(answer)).toMatchObject({ status: 422, error_code: 'VALIDATION_ERROR' })
    if (typeof message === 'string') expect(answer.body.detail.message).toBe(message)
    else expect(answer.body.detail.message).toMatch(message)
  }
  await expect.poll(() => filesLeft(config)).toBe(0)
})

test('a file that is larger than the limit', async () => {
  const { importForm, importBody, uploadFile, config } = await startImporting({
    config: { maxFileBytes: 1024 },
  })
  const large = 'x'.repeat(1025)
  for (const send of [importForm, uploadFile, (body: string) => importBody(body, 'text/csv')]) {
    expect(shown(await send(large))).toEqual({
      status: 413,
      message: 'The file is larger than 1024 bytes, the limit of this server (max_file_bytes).',
      error_code: 'VALIDATION_ERROR',
    })
  }
  await expect.poll(() => filesLeft(config)).toBe(0)
  expect((await uploadFile(large.slice(1))).body).toMatchObject({ bytes: 1024 })
})

test('a dataset, a file or a record that is not there', async () => {
  const { importForm, call, config, datasetPath } = await startImporting()
  const elsewhere = `${datasetsPath}/${noId}`
  const { body, type } = await formOf(line)
  const headers = { 'content-type': type }
  const missing = {
    status: 404,
    message: `There is no dataset ${noId} in this workspace.`,
    error_code: 'DATASET_NOT_FOUND',
  }
  expect(shown(await call('POST', `${elsewhere}/imports/upload`, { body, headers }))).toEqual(missing)
  expect(filesLeft(config)).toBe(0)
  for (const [way, request] of [
    ['from-file', { file_id: noId }],
    ['from-dataset', { dataset_record_ids: [noId] }],
    ['from-playground', { conversation_ids: [] }],
  ] as const) {
    expect(shown(await call('POST', `${elsewhere}/imports/${way}`, { body: request }))).toEqual(missing)
  }
  expect(shown(await call('GET', `${elsewhere}/tasks`))).toEqual(missing)
  expect(shown(await call('GET', `${elsewhere}/tasks/${noId}`))).toEqual(missing)
  const { body: task } = await importForm(line)
  const other = await call('POST', datasetsPath, { body: { name: 'Other', description: '' } })
  for (const path of [`${datasetPath}/tasks/${noId}`, `${datasetsPath}/${other.body.id}/tasks/${task.id}`]) {
    const [id] = path.split('/').slice(-1)
    const unknown = {
      status: 404,
      message: `There is no task ${id} of this dataset.`,
      error_code: 'DATASET_TASK_NOT_FOUND',
    }
    expect(shown(await call('GET', path))).toEqual(unknown)
    expect(shown(await call('GET', `${path}/refusals`))).toEqual(unknown)
  }
  expect(shown(await call('POST', `${datasetPath}/imports/from-file`, { body: { file_id: noId } }))).toEqual({
    status: 404,
    message: `There is no file ${noId} in this workspace.`,
    error_code: null,
  })
})

test('records that are not there are told before anything is copied', async () => {
  const { call, datasetPath } = await startImporting()
  const payload = { messages: [{ role: 'user', content: 'Hi' }] }
  const { body: record } = await call('POST', `${datasetPath}/records`, { body: { payload } })
  const body = { dataset_record_ids: [record.id, noId] }
  expect(shown(await call('POST', `${datasetPath}/imports/from-dataset`, { body }))).toEqual({
    status: 404,
    message: `There is no record ${noId} in this workspace. Nothing was imported.`,
    error_code: 'DATASET_RECORD_NOT_FOUND',
  })
  expect((await call('GET', `${datasetPath}/tasks`)).body.tasks.count).toBe(0)
})

it.each([
  ['from-file', {}, 'file_id: expected a UUID, found nothing.'],
  ['from-file', { file_id: 'x' }, 'file_id: expected a UUID, found "x".'],
  ['from-file', { file_id: noId, mapping: { input: 5 } }, 'mapping.input: expected string, found 5.'],
  ['from-dataset', { dataset_record_ids: [] }, /^dataset_record_ids: .*, found an empty array\.$/],
  ['from-dataset', { dataset_record_ids: ['x'] }, 'dataset_record_ids[0]: expected a UUID, found "x".'],
])('an invalid request: %s %j', async (way, body, message) => {
  const { call, datasetPath } = await startImporting()
  const answer = await call('POST', `${datasetPath}/imports/${way}`, { body })
  expect(answer.status).toBe(422)
  if (typeof message === 'string') expect(answer.body.detail.message).toBe(message)
  else expect(answer.body.detail.message).toMatch(message)
})

test('what only the playground has', async () => {
  const { call, datasetPath } = await startImporting()
  const body = { conversation_ids: ['conv_1'] }
  expect(shown(await call('POST', `${datasetPath}/imports/from-playground`, { body }))).toEqual({
    status: 400,
    message:
      'This server has no playground to import from; expected a file with conversations (imports/upload, or /v1/files and imports/from-file) or records of a dataset (imports/from-dataset).',
    error_code: 'FEATURE_NOT_SUPPORTED',
  })
})

it.each(['form', 'body'])('an upload that is cut off, as %s, leaves nothing', async (way) => {
  const { assize, key, config, datasetPath, call } = await startImporting()
  await assize.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = assize.server.server.address() as { port: number }
  const form = await formOf('x'.repeat(2_000_000))
  const [sent, type] = way === 'form' ? [form.body, form.type] : [Buffer.alloc(2_000_000, 'x'), 'text/csv']
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    `POST ${datasetPath}/imports/upload HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: ${type}\r\ncontent-length: ${sent.length}\r\n\r\n`,
  )
  socket.write(sent.subarray(0, 1_000_000))
  await expect.poll(() => filesLeft(config)).toBeGreaterThan(1)
  socket.destroy()
  await expect.poll(() => filesLeft(config)).toBe(0)
  expect((await call('GET', `${datasetPath}/tasks`)).body.tasks.count).toBe(0)
})

it.each(['form', 'body'])('an upload that is far too large, as %s, is told so', async (way) => {
  const { assize, key, config, datasetPath } = await startImporting({ config: { maxFileBytes: 1024 } })
  await assize.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = assize.server.server.address() as { port: number }
  const form = await formOf('x'.repeat(20_000_000))
  const [body, type] = way === 'form' ? [form.body, form.type] : ['x'.repeat(20_000_000), 'text/csv']
  const answer = await fetch(`http://127.0.0.1:${port}${datasetPath}/imports/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': type },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  expect(answer.status).toBe(413)
  expect(await answer.json()).toMatchObject({
    detail: { message: expect.stringContaining('max_file_bytes') },
  })
  await expect.poll(() => filesLeft(config)).toBe(0)
})
