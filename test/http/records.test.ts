import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { addRecords, createDataset, datasetsPath, payloadOf, recordsPath } from '../support/datasets.ts'
import { engines } from '../support/engines.ts'
import { approval, startTestAssize } from '../support/test-assize.ts'

for (const engine of engines) {
  describe(`records on ${engine.name}`, () => {
    it('are added, fetched and listed as one and the same', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const { id } = await createDataset(assize)
      const payload = { ...payloadOf('What?'), model: 'm', more: { deep: [1.5, null, 'ä'] } }
      const properties = { topic: 'x', level: 2 }
      const { status, body } = await call('POST', `${datasetsPath}/${id}/records`, {
        body: { payload, properties, source: 'TELEMETRY_SPAN' },
      })
      expect(status).toBe(201)
      expect(body).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        created_at: '2026-01-02T03:04:05.000Z',
        updated_at: '2026-01-02T03:04:05.000Z',
        deleted_at: null,
        dataset_id: id,
        payload,
        properties,
        source: 'TELEMETRY_SPAN',
      })
      expect(await call('GET', `${recordsPath}/${body.id}`)).toMatchObject({ status: 200, body })
      expect((await call('GET', `${datasetsPath}/${id}/records`)).body).toEqual({
        records: { results: [body], count: 1, next: null, previous: null },
      })
    })

    it('have no properties, and came directly, where nothing else is said', async () => {
      const assize = await startTestAssize({ engine })
      const { id } = await createDataset(assize)
      for (const properties of [undefined, null]) {
        const body = { payload: payloadOf('What?'), properties }
        const added = await assize.call('POST', `${datasetsPath}/${id}/records`, { body })
        expect(added.body).toMatchObject({ properties: {}, source: 'DIRECT_INPUT' })
      }
    })

    it('are answered as they are kept', async () => {
      const assize = await startTestAssize({ engine })
      const { id } = await createDataset(assize)
      const [record] = await addRecords(assize, id, ['a\0b\ud800 \\u0000'])
      expect(record.payload).toEqual(payloadOf('a\ufffdb\ufffd \\u0000'))
      expect((await assize.call('GET', `${recordsPath}/${record.id}`)).body).toEqual(record)
    })

    it('are listed in the order in which they were added', async () => {
      const assize = await startTestAssize({ engine })
      const { id } = await createDataset(assize)
      const added = await addRecords(assize, id, ['1', '2', '3', '4', '5'])
      const { body } = await assize.call('GET', `${datasetsPath}/${id}/records?page_size=2&page=2`)
      expect(body.records).toEqual({
        results: added.slice(2, 4),
        count: 5,
        next: `${datasetsPath}/${id}/records?page_size=2&page=3`,
        previous: `${datasetsPath}/${id}/records?page_size=2&page=1`,
      })
    })

    it('have a payload and properties that are replaced', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const { id } = await createDataset(assize)
      const [record] = await addRecords(assize, id, ['What?'])
      assize.advance(1000)
      const payload = payloadOf('Why?')
      const changed = { ...record, payload, updated_at: '2026-01-02T03:04:06.000Z' }
      expect(await call('PUT', `${recordsPath}/${record.id}/payload`, { body: { payload } })).toMatchObject({
        status: 204,
        body: undefined,
      })
      expect((await call('GET', `${recordsPath}/${record.id}`)).body).toEqual(changed)
      const properties = { topic: 'y' }
      const answer = await call('PUT', `${recordsPath}/${record.id}/properties`, { body: { properties } })
      expect(answer.status).toBe(204)
      expect((await call('GET', `${recordsPath}/${record.id}`)).body).toEqual({ ...changed, properties })
    })

    it('are deleted one by one and together', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const [here, there] = [await createDataset(assize), await createDataset(assize)]
      const [one, two, three] = await addRecords(assize, here.id, ['1', '2', '3'])
      const [four] = await addRecords(assize, there.id, ['4'])
      expect((await call('DELETE', `${recordsPath}/${one.id}`)).status).toBe(204)
      expect((await call('DELETE', `${recordsPath}/${one.id}`)).status).toBe(404)
      const together = { dataset_record_ids: [two.id, four.id, two.id.toUpperCase()] }
      expect((await call('POST', `${recordsPath}/bulk-delete`, { body: together })).status).toBe(204)
      const left = await call('GET', `${datasetsPath}/${here.id}/records`)
      expect(left.body.records).toMatchObject({ results: [three], count: 1 })
      const none = await call('GET', `${datasetsPath}/${there.id}/records`)
      expect(none.body.records).toMatchObject({ results: [], count: 0 })
    })
  })
}

describe('a record is judged', () => {
  it('by a definition that is not saved, and nothing is kept', async () => {
    const assize = await startTestAssize()
    const { id } = await createDataset(assize)
    const [record] = await addRecords(assize, id, ['What is the capital?'])
    const instructions = 'About {{ properties.about }}: is it fine?'
    const answer = await assize.call('POST', `${recordsPath}/${record.id}/live-judging`, {
      body: { judge_definition: { ...approval, instructions } },
    })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body).toEqual({ analysis: 'as scripted', answer: 'approved' })
    const asked = JSON.stringify(assize.model.requests)
    expect(asked).toContain('What is the capital?')
    expect(asked).toMatch(/About <judged-\w+>What is th<\/judged-\w+>: is it fine\?/)
    if (assize.config.database.engine !== 'sqlite') throw new Error('This test is for SQLite.')
    using database = new DatabaseSync(assize.config.database.path)
    for (const table of ['judges', 'judge_revisions', 'judgments']) {
      expect(database.prepare(`select count(*) as rows from ${table}`).get(), table).toEqual({ rows: 0 })
    }
  })

  it('as often and as fully as it is asked for', async () => {
    const assize = await startTestAssize()
    const { id } = await createDataset(assize)
    const [record] = await addRecords(assize, id, ['What?'])
    const answer = await assize.call(
      'POST',
      `${recordsPath}/${record.id}/live-judging?samples=3&include=details`,
      { body: { judge_definition: approval } },
    )
    expect(answer.body).toMatchObject({
      answer: 'approved',
      poll: { asked: 3 },
      distribution: { approved: 1, rejected: 0 },
      details: { judgment_id: null, revision_id: null, model_name: 'scripted' },
    })
  })
})
