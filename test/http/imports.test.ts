import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { datasetsPath, filesLeft, startImporting } from '../support/importing.ts'

const user = { role: 'user', content: 'What is 2 + 2?' }
const assistant = { role: 'assistant', content: '4' }
const messages = [user, assistant]
const anId = expect.stringMatching(/^[0-9a-f-]{36}$/)

for (const engine of engines) {
  describe(`an import on ${engine.name}`, () => {
    it('of an upload says how far it is, what became of each line, and why', async () => {
      const { importForm, ended, records, refusals, datasetPath, call } = await startImporting({ engine })
      const lines = [{ messages }, 'no row', { messages: [{ role: 'judge' }] }, { messages: [user], id: 7 }]
      const content = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"messages":\n`
      const task = await ended(await importForm(content))
      expect(task).toEqual({
        id: anId,
        created_at: '2026-01-02T03:04:05.000Z',
        updated_at: '2026-01-02T03:04:05.000Z',
        deleted_at: null,
        creator_id: anId,
        dataset_id: datasetPath.split('/').at(-1),
        workspace_id: anId,
        status: 'COMPLETED',
        progress: 100,
        message: 'Read chat messages: 2 lines taken, 3 lines refused.',
        lines_read: 5,
        lines_taken: 2,
        lines_refused: 3,
      })
      expect(await records()).toEqual([
        { payload: { messages }, properties: {} },
        { payload: { messages: [user], id: 7 }, properties: {} },
      ])
      expect(await refusals(task.id)).toEqual([
        { line: 2, reason: 'The row is a string; expected an object.' },
        { line: 3, reason: expect.stringMatching(/^messages\[0\]\.role is "judge"; expected one of system/) },
        { line: 5, reason: expect.stringMatching(/^The row is no JSON: /) },
      ])
      const page = await call('GET', `${datasetPath}/tasks/${task.id}/refusals?page=2&page_size=2`)
      expect(page.body.refusals).toMatchObject({ results: [{ line: 5 }], count: 3, next: null })
    })

    it('of a large file takes each line once, in its order', async () => {
      const { importBody, ended, call, datasetPath } = await startImporting({ engine })
      const lines = Array.from({ length: 1234 }, (_, index) =>
        index % 100 === 99 ? '{' : JSON.stringify({ messages: [{ role: 'user', content: `${index}` }] }),
      )
      const task = await ended(await importBody(lines.join('\n'), 'application/jsonl'))
      expect(task).toMatchObject({ lines_read: 1234, lines_taken: 1222, lines_refused: 12 })
      const { body } = await call('GET', `${datasetPath}/exports/records.jsonl`)
      const exported = body.trim().split('\n').map(JSON.parse)
      const taken = lines.flatMap((line) => (line === '{' ? [] : [JSON.parse(line)]))
      expect(exported.map(({ payload }: { payload: object }) => payload)).toEqual(taken)
    })

    it('of records copies them, each once', async () => {
      const { call, ended, datasetPath } = await startImporting({ engine })
      const made: { id: string }[] = []
      for (const id of [1, 2, 3]) {
        const body = { payload: { messages, id }, properties: { id } }
        made.push((await call('POST', `${datasetPath}/records`, { body })).body)
      }
      const other = await call('POST', datasetsPath, { body: { name: 'Copies', description: '' } })
      const path = `${datasetsPath}/${other.body.id}`
      const ids = [made[2]?.id, made[0]?.id.toUpperCase(), made[2]?.id]
      const body = { dataset_record_ids: ids }
      const begun = await call('POST', `${path}/imports/from-dataset`, { body })
      expect(begun.status).toBe(202)
      await expect
        .poll(async () => (await call('GET', `${path}/tasks/${begun.body.id}`)).body)
        .toMatchObject({
          status: 'COMPLETED',
          message: 'Read records of datasets: 2 lines taken.',
          lines_read: 2,
        })
      const copies = await call('GET', `${path}/records`)
      expect(copies.body.records.results).toMatchObject([
        { payload: { id: 3 }, properties: { id: 3 }, source: 'DIRECT_INPUT', dataset_id: other.body.id },
        { payload: { id: 1 }, properties: { id: 1 } },
      ])
      expect(made.map(({ id }) => id)).not.toContain(copies.body.records.results[0].id)
      expect(await ended(await call('POST', `${datasetPath}/imports/from-dataset`, { body }))).toMatchObject({
        lines_taken: 2,
      })
    })
  })
}

describe('an import', () => {
  const rows = [
    { question: 'What is 2 + 2?', answer: '4', topic: 'sums' },
    { question: 'Who?', answer: 'Me', topic: 'persons' },
  ]
  const csv = 'question,answer,topic\nWhat is 2 + 2?,4,sums\nWho?,Me,persons\n'
  const parquet = Buffer.from(
    parquetWriteBuffer({
      columnData: (['question', 'answer', 'topic'] as const).map((name) => ({
        name,
        data: rows.map((row) => row[name]),
      })),
    }),
  )

  it.each([
    ['data.csv', csv],
    ['data.tsv', csv.replaceAll(',', '\t')],
    ['DATA.CSV.gz', gzipSync(csv)],
    ['data.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')],
    ['data.json', JSON.stringify(rows)],
    ['data.json', JSON.stringify({ data: rows }, null, 2)],
    ['data.parquet', parquet],
    ['data', csv],
    ['data', JSON.stringify(rows)],
    ['data', parquet],
  ])('reads %s', async (name, content) => {
    const { importForm, ended, records } = await startImporting()
    expect(await ended(await importForm(content, { name }))).toMatchObject({
      message: 'Read columns, "question" as input, "answer" as output: 2 lines taken.',
      lines_refused: 0,
    })
    expect(await records()).toMatchObject([
      { payload: { messages }, properties: { topic: 'sums' } },
      { properties: { topic: 'persons' } },
    ])
  })

  it.each([
    ['text/csv; charset=utf-8', csv],
    ['application/json', JSON.stringify(rows)],
    ['application/vnd.apache.parquet', parquet],
    ['application/octet-stream', csv],
    ['application/x-ndjson', rows.map((row) => JSON.stringify(row)).join('\n')],
  ])('reads a body of the type %s', async (type, content) => {
    const { importBody, ended } = await startImporting()
    expect(await ended(await importBody(content, type))).toMatchObject({ lines_taken: 2 })
  })

  it('is told the format and the mapping in the form, or in the query', async () => {
    const { importForm, importBody, ended, records } = await startImporting()
    const mapping = JSON.stringify({ input: 'topic', output: null, properties: ['answer'], json: ['answer'] })
    await ended(
      await importForm(csv.replace('Me', '"[5]"'), { name: 'x.json', fields: { format: 'csv', mapping } }),
    )
    const query = `?format=csv&mapping=${encodeURIComponent(mapping)}&name=x.json`
    await ended(await importBody(csv.replace('Me', '"[5]"'), 'application/jsonl', query))
    const expected = [
      {
        payload: { messages: [{ role: 'user', content: 'sums' }], question: user.content },
        properties: { answer: 4 },
      },
      {
        payload: { messages: [{ role: 'user', content: 'persons' }], question: 'Who?' },
        properties: { answer: [5] },
      },
    ]
    expect(await records()).toEqual([...expected, ...expected])
  })

  it('takes a file that was uploaded, as often as it is asked', async () => {
    const { uploadFile, call, ended, records, datasetPath } = await startImporting()
    const { body: file } = await uploadFile(csv, { name: 'data.csv' })
    const fromFile = (body: object) => call('POST', `${datasetPath}/imports/from-file`, { body })
    await ended(await fromFile({ file_id: file.id }))
    await ended(await fromFile({ file_id: file.id, format: null, mapping: { input: 'answer' } }))
    expect(await records()).toHaveLength(4)
    expect((await call('GET', `/v1/files/${file.id}`)).status).toBe(200)
  })

  it('removes its upload when it has ended', async () => {
    const { importForm, ended, config, call } = await startImporting()
    expect(await ended(await importForm(csv, { name: 'data.csv' }))).toMatchObject({ status: 'COMPLETED' })
    expect((await call('GET', '/v1/files')).body).toMatchObject({ data: [], total: 0 })
    await expect.poll(() => filesLeft(config)).toBe(0)
  })

  it('fails with the reason where the file can not be read', async () => {
    const { importForm, ended, refusals, records } = await startImporting()
    const failed = async (content: string | Buffer, name: string, fields = {}) => {
      const task = await ended(await importForm(content, { name, fields }))
      return { ...task, refusals: await refusals(task.id) }
    }
    expect(await failed('hello\nworld\n', 'data.jsonl')).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(/^None of the first 2 rows can be read\. Line 1: The row is no JSON: /),
      lines_read: 2,
      lines_refused: 2,
      refusals: [{ line: 1 }, { line: 2 }],
    })
    expect(await failed('text,source\na,b\n', 'data.csv')).toMatchObject({
      message: expect.stringMatching(
        /^The first rows have the fields "text", "source", which is no known form/,
      ),
      refusals: [{ line: 2 }],
    })
    const mapping = JSON.stringify({ input: 'Question' })
    expect(await failed(csv, 'data.csv', { mapping })).toMatchObject({
      message: 'The mapping names "Question"; the first rows have the fields "question", "answer", "topic".',
    })
    expect(await failed('', 'data.csv')).toMatchObject({ message: 'The file has no rows.', lines_read: 0 })
    expect(await failed(csv, 'data.parquet')).toMatchObject({
      message: expect.stringMatching(/^The Parquet file can't be read: /),
    })
    expect(await records()).toEqual([])
  })

  it('that fails on the way keeps the lines before', async () => {
    const { importForm, ended, records } = await startImporting()
    const content = `[${Array.from({ length: 300 }, () => JSON.stringify({ messages })).join(',')},{"messages":`
    const task = await ended(await importForm(content, { name: 'data.json' }))
    expect(task).toMatchObject({
      status: 'FAILED',
      message: 'The JSON breaks off in item 301: the file is not whole.',
      lines_read: 300,
      lines_taken: 300,
    })
    expect(await records()).toHaveLength(100)
  })

  it('is listed with the others of its dataset, newest first', async () => {
    const { importForm, ended, call, datasetPath, advance } = await startImporting()
    const first = await ended(await importForm(csv, { name: 'data.csv' }))
    advance(1000)
    const second = await ended(await importForm('x', { name: 'data.csv' }))
    const { body } = await call('GET', `${datasetPath}/tasks?page_size=1`)
    expect(body.tasks).toEqual({
      results: [second],
      count: 2,
      next: `${datasetPath}/tasks?page_size=1&page=2`,
      previous: null,
    })
    expect((await call('GET', `${datasetPath}/tasks?page=2&page_size=1`)).body.tasks.results).toEqual([first])
  })

  it('knows its dataset by the slug too', async () => {
    const { importForm, ended, call } = await startImporting()
    const { body: dataset } = await call('POST', datasetsPath, { body: { name: 'By slug', description: '' } })
    const path = `${datasetsPath}/by-slug`
    const { body: file } = await call('POST', `${path}/imports/upload`, {
      body: csv,
      headers: { 'content-type': 'text/csv' },
    })
    expect(file.dataset_id).toBe(dataset.id)
    await expect
      .poll(async () => (await call('GET', `${path}/tasks/${file.id}`)).body.status)
      .toBe('COMPLETED')
    expect((await call('GET', `${path}/tasks`)).body.tasks.count).toBe(1)
    expect((await call('GET', `${path}/tasks/${file.id}/refusals`)).body.refusals.count).toBe(0)
    await ended(await importForm(csv, { name: 'data.csv' }))
  })

  it('ends with its dataset', async () => {
    const { importBody, call, datasetPath, config } = await startImporting()
    const line = `${JSON.stringify({ messages })}\n`
    const task = await importBody(line.repeat(20_000), 'application/jsonl')
    expect((await call('DELETE', datasetPath)).status).toBe(204)
    expect((await call('GET', `${datasetPath}/tasks/${task.body.id}`)).body.detail.error_code).toBe(
      'DATASET_NOT_FOUND',
    )
    await expect.poll(() => filesLeft(config), { timeout: 20_000 }).toBe(0)
  })
})
