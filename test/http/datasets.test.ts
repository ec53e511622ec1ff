import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/storage/open-database.ts'
import { addRecords, createDataset, datasetsPath as path } from '../support/datasets.ts'
import { engines } from '../support/engines.ts'
import { startTestAssize } from '../support/test-assize.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

for (const engine of engines) {
  describe(`datasets on ${engine.name}`, () => {
    it('are created, fetched and listed as one and the same', async () => {
      const { call } = await startTestAssize({ engine })
      const { status, body } = await call('POST', path, {
        body: { name: 'Ünïcode %', description: '', unknown: 'is ignored' },
      })
      expect(status).toBe(201)
      expect(body).toEqual({
        id: expect.stringMatching(uuid),
        created_at: '2026-01-02T03:04:05.000Z',
        updated_at: '2026-01-02T03:04:05.000Z',
        deleted_at: null,
        name: 'Ünïcode %',
        slug: 'unicode',
        description: '',
        owner_id: expect.stringMatching(uuid),
        workspace_id: expect.stringMatching(uuid),
      })
      expect(await call('GET', `${path}/${body.id.toUpperCase()}`)).toMatchObject({ status: 200, body })
      expect((await call('GET', path)).body).toEqual({
        datasets: { results: [body], count: 1, next: null, previous: null },
      })
    })

    it('are changed where a change says something', async () => {
      const { call, advance } = await startTestAssize({ engine })
      const dataset = await createDataset({ call })
      advance(1000)
      const renamed = { ...dataset, name: 'Renamed', updated_at: '2026-01-02T03:04:06.000Z' }
      const body = { name: 'Renamed', description: null }
      expect(await call('PATCH', `${path}/${dataset.id}`, { body })).toMatchObject({
        status: 200,
        body: renamed,
      })
      const described = { ...renamed, description: '' }
      expect((await call('PATCH', `${path}/${dataset.id}`, { body: { description: '' } })).body).toEqual(
        described,
      )
      expect((await call('GET', `${path}/${dataset.id}`)).body).toEqual(described)
    })

    it('are found by their slug wherever an id is asked for', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const dataset = await createDataset(assize, 'Café questions')
      const same = await createDataset(assize, 'Café questions')
      expect(dataset.slug).toBe('cafe-questions')
      expect(same.slug).toBe(`cafe-questions-${same.id.slice(-8)}`)
      const at = `${path}/cafe-questions`
      expect((await call('GET', `${path}/${same.slug}`)).body).toEqual(same)
      expect((await call('GET', at)).body).toEqual(dataset)
      expect((await call('GET', at.toUpperCase().replace(/.*\//, `${path}/`))).body).toEqual(dataset)
      const renamed = await call('PATCH', at, { body: { name: 'Renamed' } })
      expect(renamed.body).toMatchObject({ id: dataset.id, slug: 'cafe-questions', name: 'Renamed' })
      const [record] = await addRecords(assize, 'cafe-questions', ['What?'])
      expect(record.dataset_id).toBe(dataset.id)
      expect((await call('GET', `${at}/records`)).body.records.results).toEqual([record])
      expect((await call('GET', `${at}/exports/records.jsonl`)).body.id).toBe(record.id)
      expect((await call('GET', `${at}/tasks`)).body.tasks.count).toBe(0)
      const { file_url: fileUrl } = (await call('GET', `${at}/exports/to-jsonl`)).body
      const { pathname, search } = new URL(fileUrl)
      expect((await call('GET', `${pathname}${search}`, { key: false })).body.id).toBe(record.id)
      const elsewhere = await assize.keyOf('admin', 'research')
      expect((await call('GET', at, { key: elsewhere })).status).toBe(404)
      expect((await call('DELETE', at)).status).toBe(204)
      expect((await call('GET', at)).status).toBe(404)
      expect((await createDataset(assize, 'Café questions')).slug).toBe('cafe-questions')
    })

    it('are listed in pages, searched by name and description', async () => {
      const { call } = await startTestAssize({ engine })
      for (const name of ['One', 'Two', 'Three', '100%']) await createDataset({ call }, name)
      const namesOf = async (query: string): Promise<string[]> =>
        (await call('GET', `${path}?${query}`)).body.datasets.results.map(
          ({ name }: { name: string }) => name,
        )
      expect(await namesOf('')).toEqual(['100%', 'Three', 'Two', 'One'])
      expect(await namesOf('q=t&page_size=1&page=2')).toEqual(['Three'])
      expect(await namesOf('q=CUSTOMERS')).toHaveLength(4)
      expect(await namesOf('q=%25')).toEqual(['100%'])
      expect(await namesOf('q=')).toHaveLength(4)
      const { body } = await call('GET', `${path}?q=t&page_size=1&page=2`)
      expect(body.datasets).toMatchObject({
        count: 4,
        next: `${path}?q=t&page_size=1&page=3`,
        previous: `${path}?q=t&page_size=1&page=1`,
      })
    })

    it('are gone with their records as soon as they are deleted, and then from the disk', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const dataset = await createDataset(assize)
      const [record] = await addRecords(assize, dataset.id, ['What?', 'Why?'])
      const deleted = await call('DELETE', `${path}/${dataset.id}`)
      expect(deleted).toMatchObject({ status: 204, body: undefined })
      const missing = { status: 404, body: { detail: { error_code: 'DATASET_NOT_FOUND' } } }
      for (const place of ['', '/records', '/exports/to-jsonl', '/exports/records.jsonl']) {
        expect(await call('GET', `${path}/${dataset.id}${place}`), place).toMatchObject(missing)
      }
      expect(await call('DELETE', `${path}/${dataset.id}`)).toMatchObject(missing)
      expect((await call('GET', `/v1/observability/dataset-records/${record.id}`)).body.detail).toMatchObject(
        {
          error_code: 'DATASET_RECORD_NOT_FOUND',
        },
      )
      expect((await call('GET', path)).body.datasets.count).toBe(0)
      await using database = await openDatabase(assize.config.database)
      const rowsLeft = async (): Promise<unknown[]> => [
        ...(await database.kysely.selectFrom('dataset_records').select('id').execute()),
        ...(await database.kysely.selectFrom('datasets').select('id').execute()),
      ]
      await expect.poll(rowsLeft).toEqual([])
    })
  })
}
