import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/storage/open-database.ts'
import { removeOldAudit } from '../../src/storage/remove-old.ts'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'
import { callOn, documentedName, endpoints, makeThings } from './endpoints.ts'

const audit = '/v1/observability/audit'
const keys = '/v1/observability/keys'
const me = '/v1/observability/me'
const page = { 'sec-fetch-site': 'same-origin' }

/** What changes nothing that lasts, or nothing this time. */
const changesNothing = [
  `POST ${path}/lint`,
  `POST ${path}/preview`,
  `POST ${path}/try`,
  `POST ${path}/{judge_id}/live-judging`,
  'POST /v1/observability/dataset-records/{dataset_record_id}/live-judging',
  'POST /v1/observability/datasets/{dataset_id}/imports/from-playground',
  'POST /v1/observability/datasets/{dataset_id}/labels/from-field',
]

interface Entry {
  readonly action: string
  readonly request_id: string | null
}

async function entriesOf({ call }: TestAssize, query = ''): Promise<Entry[]> {
  return (await call('GET', `${audit}?page_size=100${query}`)).body.audit.results
}

async function openBeside({ config }: TestAssize): Promise<Database> {
  const database = await openDatabase(config.database)
  onTestFinished(() => database[Symbol.asyncDispose]())
  return database
}

for (const engine of engines) {
  describe(`the audit log on ${engine.name}`, () => {
    it('says of every call that changes something who did what', async () => {
      const assize = await startTestAssize({ engine })
      const things = await makeThings(assize)
      const { key_id: keyId } = (await assize.call('GET', me)).body
      const unnoted: string[] = []
      for (const endpoint of endpoints) {
        const answer = await callOn(assize, endpoint, things, assize.key)
        const noted = (await entriesOf(assize)).filter(
          (entry) => entry.request_id === answer.headers['x-request-id'],
        )
        if (endpoint.method === 'GET') expect(noted, documentedName(endpoint)).toEqual([])
        else if (noted.length === 0) unnoted.push(documentedName(endpoint))
        for (const entry of noted) expect(entry).toMatchObject({ key_id: keyId })
      }
      expect(unnoted).toEqual(changesNothing)
    })

    it('tells what was changed, and keeps secrets and conversations out', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const { body: judge } = await call('POST', path, { body: approval })
      await call('PUT', `${path}/${judge.id}`, { body: { ...approval, instructions: 'Is it really fine?' } })
      const { body: made } = await call('POST', keys, { body: { name: 'CI' } })
      const [key, changed, created] = await entriesOf(assize)
      expect(key).toMatchObject({
        action: 'key.made',
        subject_type: 'key',
        subject_id: made.id,
        detail: { name: 'CI', role: 'editor', expires_at: null },
      })
      expect(changed).toMatchObject({ action: 'judge.changed', subject_id: judge.id })
      expect(created).toMatchObject({
        action: 'judge.created',
        subject_id: judge.id,
        detail: { name: 'Approval', revision_id: judge.base_revision },
      })
      const all = JSON.stringify(await entriesOf(assize))
      for (const secret of [made.key, assize.key, 'fine?']) expect(all).not.toContain(secret)
    })

    it('is not there for what failed, and nothing is changed without it', async () => {
      const assize = await startTestAssize({ engine })
      await assize.call('POST', path, { body: approval })
      const before = await entriesOf(assize)
      expect((await assize.call('POST', path, { body: approval })).status).toBe(409)
      expect(await entriesOf(assize)).toEqual(before)
      const { kysely } = await openBeside(assize)
      await sql`drop table audit_entries`.execute(kysely)
      const unnoted = await assize.call('POST', path, { body: { ...approval, name: 'Unnoted' } })
      expect(unnoted.status).toBe(500)
      expect((await assize.call('GET', `${path}?q=unnoted`)).body.judges.count).toBe(0)
    })

    it('can be filtered, and shows a page at a time', async () => {
      const assize = await startTestAssize({ engine })
      const { call } = assize
      const editor = await assize.keyOf('editor')
      const { key_id: editorId } = (await call('GET', me, { key: editor })).body
      const { body: judge } = await call('POST', path, { body: approval, key: editor })
      await call('DELETE', `${path}/${judge.id}`)
      const actions = async (query: string): Promise<string[]> =>
        (await entriesOf(assize, query)).map(({ action }) => action)
      expect(await actions(`&subject_id=${judge.id.toUpperCase()}`)).toEqual([
        'judge.deleted',
        'judge.created',
      ])
      expect(await actions(`&key_id=${editorId}`)).toEqual(['judge.created'])
      expect(await actions('&action=judge.deleted&action=key.made')).toEqual([
        'judge.deleted',
        'key.made',
        'key.made',
      ])
      const [last] = (await call('GET', audit)).body.audit.results
      expect(await actions(`&since=${last.at}&action=judge.deleted`)).toEqual(['judge.deleted'])
      expect(await actions(`&until=${last.at}&action=judge.deleted`)).toEqual([])
      const first = (await call('GET', `${audit}?page_size=3`)).body.audit
      expect(first).toMatchObject({ count: 4, next: `${audit}?page_size=3&page=2` })
      expect((await call('GET', first.next)).body.audit.results).toMatchObject([
        { action: 'key.made', key_id: null, request_id: null, detail: { name: 'first key' } },
      ])
    })

    it('has who signed in and out, and is for admins of the workspace alone', async () => {
      const assize = await startTestAssize({ engine })
      const { call, key } = assize
      const { key_id: keyId } = (await call('GET', me)).body
      const begun = await call('POST', '/session', { key: false, body: { key }, headers: page })
      const [cookie = ''] = String(begun.headers['set-cookie']).split(';', 1)
      await call('DELETE', '/session', { key: false, headers: { cookie, ...page } })
      expect(await entriesOf(assize, '&action=session.begun&action=session.ended')).toMatchObject([
        { action: 'session.ended', key_id: keyId },
        { action: 'session.begun', key_id: keyId, request_id: begun.headers['x-request-id'] },
      ])
      const other = await assize.keyOf('admin', 'research')
      expect((await call('GET', audit, { key: other })).body.audit.count).toBe(1)
      expect((await call('GET', audit, { key: await assize.keyOf('editor') })).status).toBe(403)
    })

    it('forgets what was kept long enough', async () => {
      const assize = await startTestAssize({ engine })
      await wait(2)
      await assize.call('POST', path, { body: approval })
      const [last] = (await assize.call('GET', audit)).body.audit.results
      const database = await openBeside(assize)
      const stop = new AbortController().signal
      expect(await removeOldAudit(database, new Date(last.at), stop)).toBe(1)
      expect((await entriesOf(assize)).map(({ action }) => action)).toEqual(['judge.created'])
    })
  })
}

it.each([
  ['action=judge.eaten', /action/],
  ['key_id=1', /key_id.*UUID/],
  ['since=yesterday', /since.*2027-01-31T12:00:00Z/],
])('%s is refused', async (query, says) => {
  const { call } = await startTestAssize()
  const answer = await call('GET', `${audit}?${query}`)
  expect(answer.status).toBe(422)
  expect(answer.body.detail.message).toMatch(says)
})
