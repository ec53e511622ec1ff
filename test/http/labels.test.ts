import { describe, expect, it } from 'vitest'
import { addRecords, createDataset, datasetsPath, payloadOf, recordsPath } from '../support/datasets.ts'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const scale = {
  ...approval,
  name: 'Helpfulness',
  output: { type: 'REGRESSION', min: 1, min_description: 'not', max: 5, max_description: 'very' },
}

async function createJudge({ call }: TestAssize, definition: object = approval): Promise<string> {
  return (await call('POST', path, { body: definition })).body.id
}

for (const engine of engines) {
  describe(`labels on ${engine.name}`, () => {
    it('are kept, listed newest first, and deleted', async () => {
      const assize = await startTestAssize({ engine })
      const judge = await createJudge(assize)
      const { id: dataset } = await createDataset(assize)
      const [record] = await addRecords(assize, dataset, ['What?'])
      const url = `${recordsPath}/${record.id}/labels`
      const give = (author: string, value: unknown) =>
        assize.call('POST', url, { body: { judge_id: judge, author, value } })
      const first = await give('Ada', 'approved')
      expect(first).toMatchObject({
        status: 201,
        body: { judge_id: judge, record_id: record.id, author: 'Ada', value: 'approved' },
      })
      assize.advance(1000)
      const second = await give('Grace', null)
      const { body } = await assize.call('GET', url)
      expect(body.labels).toEqual({
        results: [second.body, first.body],
        count: 2,
        next: null,
        previous: null,
      })
      expect((await assize.call('DELETE', `${url}/${first.body.id}`)).status).toBe(204)
      expect((await assize.call('GET', url)).body.labels.results).toEqual([second.body])
    })

    it('of one author for one judge are one: the latest', async () => {
      const assize = await startTestAssize({ engine })
      const [judge, other] = [await createJudge(assize), await createJudge(assize, scale)]
      const { id: dataset } = await createDataset(assize)
      const [record] = await addRecords(assize, dataset, ['What?'])
      const url = `${recordsPath}/${record.id}/labels`
      for (const [judge_id, value] of [
        [judge, 'approved'],
        [other, 4.5],
        [judge, 'rejected'],
      ]) {
        await assize.call('POST', url, { body: { judge_id, author: 'Ada', value } })
      }
      const { body } = await assize.call('GET', `${url}?judge_id=${judge}`)
      expect(body.labels).toMatchObject({ count: 1, results: [{ value: 'rejected' }] })
      expect((await assize.call('GET', url)).body.labels.count).toBe(2)
    })

    it('go with their record, and with its dataset', async () => {
      const assize = await startTestAssize({ engine })
      const judge = await createJudge(assize)
      const { id: dataset } = await createDataset(assize)
      const records = await addRecords(assize, dataset, ['1', '2'])
      for (const { id } of records) {
        const body = { judge_id: judge, author: 'Ada', value: 'approved' }
        await assize.call('POST', `${recordsPath}/${id}/labels`, { body })
      }
      expect((await assize.call('DELETE', `${recordsPath}/${records[0].id}`)).status).toBe(204)
      expect((await assize.call('DELETE', `${datasetsPath}/${dataset}`)).status).toBe(204)
      expect((await assize.call('GET', `${recordsPath}/${records[1].id}/labels`)).status).toBe(404)
    })

    it('are taken from a field that holds those of several people', async () => {
      const assize = await startTestAssize({ engine })
      const judge = await createJudge(assize, scale)
      const { id: dataset } = await createDataset(assize)
      const body = { payload: payloadOf('What?'), properties: { labels: [4, 5, null] } }
      const record = await assize.call('POST', `${datasetsPath}/${dataset}/records`, { body })
      const from = { judge_id: judge, field: 'labels', author: 'people' }
      const taken = await assize.call('POST', `${datasetsPath}/${dataset}/labels/from-field`, {
        body: from,
      })
      expect(taken.body).toMatchObject({ records: 1, taken: 3, refused: 0 })
      const { body: kept } = await assize.call('GET', `${recordsPath}/${record.body.id}/labels`)
      expect(
        kept.labels.results
          .map(({ author, value }: { author: string; value: unknown }) => [author, value])
          .sort(),
      ).toEqual([
        ['people 1', 4],
        ['people 2', 5],
        ['people 3', null],
      ])
    })

    it('are taken from a field, each value by itself, and again without a change', async () => {
      const assize = await startTestAssize({ engine })
      const judge = await createJudge(assize, scale)
      const { id: dataset } = await createDataset(assize)
      const ids: string[] = []
      for (const properties of [{ human: 4 }, { human: 9 }, {}, { human: null }, { human: '4' }]) {
        const body = { payload: payloadOf('What?'), properties }
        ids.push((await assize.call('POST', `${datasetsPath}/${dataset}/records`, { body })).body.id)
      }
      const body = { judge_id: judge, field: 'human', author: 'import' }
      for (let again = 0; again < 2; again += 1) {
        const taken = await assize.call('POST', `${datasetsPath}/${dataset}/labels/from-field`, { body })
        expect(taken).toMatchObject({
          status: 200,
          body: { records: 5, taken: 2, without: 1, refused: 2 },
        })
        expect(taken.body.refusals.map(({ record_id: id }: { record_id: string }) => id)).toEqual([
          ids[1],
          ids[4],
        ])
        expect(taken.body.refusals[0].reason).toMatch(/human: expected a number from 1 to 5/)
      }
      const { body: kept } = await assize.call('GET', `${recordsPath}/${ids[0]}/labels`)
      expect(kept.labels).toMatchObject({ count: 1, results: [{ value: 4, author: 'import' }] })
    })
  })
}

describe('a label that can not be', () => {
  it('is told what would be right', async () => {
    const assize = await startTestAssize()
    const judge = await createJudge(assize)
    const { id: dataset } = await createDataset(assize)
    const [record] = await addRecords(assize, dataset, ['What?'])
    const url = `${recordsPath}/${record.id}/labels`
    const give = async (change: object) =>
      (
        await assize.call('POST', url, {
          body: { judge_id: judge, author: 'Ada', value: 'approved', ...change },
        })
      ).body
    expect(await give({ value: 'fine' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "value: expected one of "approved", "rejected", or null where it can't be told; found "fine".",
        },
      }
    `)
    expect(await give({ value: 1 })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "value: expected one of "approved", "rejected", or null where it can't be told; found 1.",
        },
      }
    `)
    expect(await give({ value: undefined })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "value: expected a string, a number, or null where it can't be told, found nothing.",
        },
      }
    `)
    expect(await give({ author: '' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "author: expected 1 to 200 characters, found "".",
        },
      }
    `)
    expect((await give({ judge_id: record.id })).detail.error_code).toBe('JUDGE_NOT_FOUND')
    const none = '00000000-0000-0000-0000-000000000000'
    const body = { judge_id: judge, author: 'Ada', value: null }
    expect((await assize.call('POST', `${recordsPath}/${none}/labels`, { body })).status).toBe(404)
  })
})
