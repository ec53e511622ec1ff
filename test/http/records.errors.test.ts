import { describe, expect, it } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'
import { addRecords, createDataset, datasetsPath, payloadOf, recordsPath } from '../support/datasets.ts'
import { type Answer, approval, startTestAssize } from '../support/test-assize.ts'

const unknownId = '019b2bd7-96e7-7219-8c0b-45a73da50088'

async function start() {
  const assize = await startTestAssize()
  const { id } = await createDataset(assize)
  const [record] = await addRecords(assize, id, ['What?'])
  return { ...assize, datasetId: id as string, record }
}

function told({ status, body }: Answer): string {
  return `${status} ${body.detail.error_code}: ${body.detail.message}`
}

describe('a record is refused, added or changed, for', () => {
  it.each([
    [{}, 'payload.messages is missing; expected an array of chat messages.'],
    [{ messages: [] }, 'payload.messages is empty; expected at least one message.'],
    [
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'user', content: 7 },
        ],
      },
      'payload.messages[1].content is a number; expected a string, null or an array of chunks.',
    ],
    [
      { messages: [{ role: 'oracle', content: 'x' }] },
      'payload.messages[0].role is "oracle"; expected one of system, developer, user, assistant, tool, function.',
    ],
  ])('a payload of %j', async (payload, expected) => {
    const { call, datasetId, record } = await start()
    const message = `422 DATASET_RECORD_FORMAT_ERROR: ${expected}`
    expect(told(await call('POST', `${datasetsPath}/${datasetId}/records`, { body: { payload } }))).toBe(
      message,
    )
    expect(told(await call('PUT', `${recordsPath}/${record.id}/payload`, { body: { payload } }))).toBe(
      message,
    )
    expect((await call('GET', `${datasetsPath}/${datasetId}/records`)).body.records.results).toEqual([record])
  })

  it.each([
    [{ payload: 'x' }, 'payload: expected object, found "x".'],
    [{}, 'payload: expected object, found nothing.'],
    [{ payload: payloadOf('x'), properties: [] }, 'properties: expected object, found an empty array.'],
    [
      { payload: payloadOf('x'), source: 'MADE_UP' },
      'source: expected one of "EXPLORER", "UPLOADED_FILE", "DIRECT_INPUT", "PLAYGROUND", "TELEMETRY_SPAN", found "MADE_UP".',
    ],
  ])('a body of %j', async (body, expected) => {
    const { call, datasetId } = await start()
    expect(told(await call('POST', `${datasetsPath}/${datasetId}/records`, { body }))).toBe(
      `422 VALIDATION_ERROR: ${expected}`,
    )
  })

  it('properties that make it too large', async () => {
    const { call, datasetId, record } = await start()
    const large = 'x'.repeat(2_000_000)
    const payload = payloadOf(large)
    const added = await call('POST', `${datasetsPath}/${datasetId}/records`, {
      body: { payload, properties: { large } },
    })
    expect(told(added)).toMatch(
      /^422 DATASET_RECORD_FORMAT_ERROR: payload and properties have 4,000,0\d\d bytes/,
    )
    expect((await call('PUT', `${recordsPath}/${record.id}/payload`, { body: { payload } })).status).toBe(204)
    const changed = await call('PUT', `${recordsPath}/${record.id}/properties`, {
      body: { properties: { large } },
    })
    expect(told(changed)).toMatch(/expected at most 4,000,000 together\.$/)
  })

  it('properties that nest too deep', async () => {
    const { call, record } = await start()
    let properties: object = {}
    for (let level = 0; level < 100; level++) properties = { properties }
    const answer = await call('PUT', `${recordsPath}/${record.id}/properties`, { body: { properties } })
    expect(told(answer)).toBe(
      '422 DATASET_RECORD_FORMAT_ERROR: properties nests too deep; expected at most 100 levels.',
    )
  })
})

describe('a record that is not there', () => {
  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['PUT', '/payload', { payload: payloadOf('x') }],
    ['PUT', '/properties', { properties: {} }],
    ['POST', '/live-judging', { judge_definition: approval }],
  ])('is told of to %s %s', async (method, place, body?: object) => {
    const { call } = await start()
    const answer = await call(method, `${recordsPath}/${unknownId}${place}`, { ...(body && { body }) })
    expect(told(answer)).toBe(
      `404 DATASET_RECORD_NOT_FOUND: There is no record ${unknownId} in this workspace.`,
    )
  })

  it('is no id', async () => {
    const { call } = await start()
    expect(told(await call('GET', `${recordsPath}/mine`))).toBe(
      '422 VALIDATION_ERROR: dataset_record_id: expected a UUID, found "mine".',
    )
  })

  it('keeps others from being deleted with it', async () => {
    const { call, record } = await start()
    const body = { dataset_record_ids: [record.id, unknownId, '019b2bd7-0000-7219-8c0b-45a73da50088'] }
    expect(told(await call('POST', `${recordsPath}/bulk-delete`, { body }))).toBe(
      `404 DATASET_RECORD_NOT_FOUND: There is no record ${unknownId} in this workspace. Nothing was deleted.`,
    )
    expect((await call('GET', `${recordsPath}/${record.id}`)).body).toEqual(record)
  })
})

describe('a deletion of several is refused for', () => {
  it.each([
    [undefined, 'dataset_record_ids: expected array, found nothing.'],
    [[], 'dataset_record_ids: expected at least one id, found an empty array.'],
    [['mine'], 'dataset_record_ids[0]: expected a UUID, found "mine".'],
    [Array(1001).fill(unknownId), 'dataset_record_ids: expected at most 1,000 ids, found more.'],
  ])('ids %#', async (ids, expected) => {
    const { call } = await start()
    const answer = await call('POST', `${recordsPath}/bulk-delete`, { body: { dataset_record_ids: ids } })
    expect(told(answer)).toBe(`422 VALIDATION_ERROR: ${expected}`)
  })

  it('nothing where there are 1,000', async () => {
    const { call, record } = await start()
    const body = { dataset_record_ids: Array(1000).fill(record.id) }
    expect((await call('POST', `${recordsPath}/bulk-delete`, { body })).status).toBe(204)
  })
})

describe('judging a record fails for', () => {
  async function judging(change: object, query = ''): Promise<string> {
    const { call, record, model } = await start()
    if ('failure' in change) model.script(change.failure as Error)
    const body = { judge_definition: { ...approval, ...change } }
    return told(await call('POST', `${recordsPath}/${record.id}/live-judging${query}`, { body }))
  }

  it('a definition out of bounds', async () => {
    expect(await judging({ name: 'Four' })).toBe(
      '422 VALIDATION_ERROR: judge_definition.name: expected 5 to 50 characters, found "Four".',
    )
  })

  it('instructions that are no template', async () => {
    expect(await judging({ instructions: '{{' })).toMatch(/^400 TEMPLATE_SYNTAX_ERROR: .*line 1/)
  })

  it('a model that nobody serves', async () => {
    expect(await judging({ model_name: 'nobody' })).toMatch(/^400 JUDGE_MISTRAL_API_ERROR: .*"nobody"/)
  })

  it('a provider that fails', async () => {
    const failure = new ModelFailure('provider_failed', 'The provider failed.')
    expect(await judging({ failure })).toBe('502 JUDGE_MISTRAL_API_ERROR: The provider failed.')
  })

  it('a query out of bounds', async () => {
    expect(await judging({}, '?samples=0')).toMatch(/^422 VALIDATION_ERROR: samples: /)
  })
})
