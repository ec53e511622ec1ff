import type { Dataset, DatasetRecord } from '@mistralai/mistralai/models/components'
import { describe, expect, it } from 'vitest'
import { startListeningAssize } from './listening-assize.ts'
import { clientOf, conversation, definition, helpfulness } from './node-client.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const questions = { name: 'Questions', description: 'Of customers.' }

async function start() {
  const assize = await startListeningAssize()
  const { datasets } = clientOf(assize).beta.observability
  const add = (datasetId: string, content: string) =>
    datasets.createRecord({
      datasetId,
      createDatasetRecordRequest: { payload: { messages: [{ role: 'user', content }] } },
    })
  return { assize, datasets, records: datasets.records, add }
}

describe('the Node SDK', () => {
  it('creates a dataset, fetches and updates it', async () => {
    const { assize, datasets } = await start()
    const created = await datasets.create(questions)
    expect(created).toEqual({
      ...questions,
      id: expect.stringMatching(uuid),
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      deletedAt: null,
      ownerId: expect.stringMatching(uuid),
      workspaceId: expect.stringMatching(uuid),
    } satisfies Record<keyof Dataset, unknown>)
    expect(await datasets.fetch({ datasetId: created.id })).toEqual(created)
    assize.advance(1000)
    const update = { name: 'Renamed', description: null }
    const updated = await datasets.update({ datasetId: created.id, updateDatasetRequest: update })
    const updatedAt = new Date(created.createdAt.getTime() + 1000)
    expect(updated).toEqual({ ...created, name: 'Renamed', updatedAt })
    expect(await datasets.fetch({ datasetId: created.id })).toEqual(updated)
  })

  it('lists datasets with a search, turns their pages, and deletes one', async () => {
    const { datasets } = await start()
    for (const name of ['One', 'Two', '100%']) await datasets.create({ ...questions, name })
    const namesOf = async (query?: Parameters<typeof datasets.list>[0]) =>
      (await datasets.list(query)).datasets.results?.map(({ name }) => name)
    expect(await namesOf()).toEqual(['100%', 'Two', 'One'])
    expect(await namesOf({ q: '%' })).toEqual(['100%'])
    expect(await namesOf({ q: null, page: 2, pageSize: 2 })).toEqual(['One'])
    const { datasets: page } = await datasets.list({ pageSize: 1 })
    expect(page).toMatchObject({ count: 3, previous: null, next: expect.stringContaining('page=2') })
    expect(await datasets.delete({ datasetId: String(page.results?.[0]?.id) })).toBeUndefined()
    expect(await namesOf()).toEqual(['Two', 'One'])
  })

  it('creates records, fetches and lists them', async () => {
    const { datasets, records, add } = await start()
    const { id } = await datasets.create(questions)
    const payload = { ...conversation, temperature: 0.5 }
    const record = await datasets.createRecord({
      datasetId: id,
      createDatasetRecordRequest: { payload, properties: { topic: 'x' }, source: 'TELEMETRY_SPAN' },
    })
    expect(record).toEqual({
      id: expect.stringMatching(uuid),
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      deletedAt: null,
      datasetId: id,
      payload,
      properties: { topic: 'x' },
      source: 'TELEMETRY_SPAN',
    } satisfies Record<keyof DatasetRecord, unknown>)
    expect(await records.fetch({ datasetRecordId: record.id })).toEqual(record)
    const other = await add(id, 'Why?')
    expect(other).toMatchObject({ properties: {}, source: 'DIRECT_INPUT' })
    expect((await datasets.listRecords({ datasetId: id })).records).toEqual({
      results: [record, other],
      count: 2,
      next: null,
      previous: null,
    })
    const { records: second } = await datasets.listRecords({ datasetId: id, page: 2, pageSize: 1 })
    expect(second.results).toEqual([other])
  })

  it("updates a record's payload and properties", async () => {
    const { datasets, records, add } = await start()
    const { id } = await add((await datasets.create(questions)).id, 'What?')
    const payload = { messages: [{ role: 'user', content: 'Why?' }] }
    const updated = await records.updatePayload({
      datasetRecordId: id,
      updateDatasetRecordPayloadRequest: { payload },
    })
    expect(updated).toBeUndefined()
    const properties = { topic: ['x', 1] }
    const replaced = await records.updateProperties({
      datasetRecordId: id,
      updateDatasetRecordPropertiesRequest: { properties },
    })
    expect(replaced).toBeUndefined()
    expect(await records.fetch({ datasetRecordId: id })).toMatchObject({ payload, properties })
  })

  it('deletes a record, and several at once', async () => {
    const { datasets, records, add } = await start()
    const dataset = await datasets.create(questions)
    const [one, two, three] = [
      await add(dataset.id, '1'),
      await add(dataset.id, '2'),
      await add(dataset.id, '3'),
    ]
    expect(await records.delete({ datasetRecordId: one.id })).toBeUndefined()
    expect(await records.bulkDelete({ datasetRecordIds: [two.id, three.id] })).toBeUndefined()
    expect((await datasets.listRecords({ datasetId: dataset.id })).records.count).toBe(0)
  })

  it('judges a record by an inline definition of each output', async () => {
    const { datasets, records, add } = await start()
    const { id } = await add((await datasets.create(questions)).id, 'What?')
    const judge = (judgeDefinition: ReturnType<typeof definition>) =>
      records.judge({ datasetRecordId: id, judgeDatasetRecordRequest: { judgeDefinition } })
    expect(await judge(definition())).toEqual({ analysis: 'It is as scripted.', answer: 'approved' })
    expect((await judge(definition(helpfulness))).answer).toBe(3)
  })

  it('exports a dataset as lines of JSON, which a link gives without a key', async () => {
    const { datasets, add } = await start()
    const { id } = await datasets.create(questions)
    const added = [await add(id, 'What?'), await add(id, 'Why?')]
    const { fileUrl } = await datasets.exportToJsonl({ datasetId: id })
    const response = await fetch(fileUrl)
    expect(response.status).toBe(200)
    const lines = (await response.text()).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(
      added.map((record) => ({ id: record.id, payload: record.payload, properties: {} })),
    )
  })
})
