import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

interface Shown {
  readonly id: string
  readonly name: string
  readonly base_revision: string
  readonly down_revision: string | null
  readonly up_revision: string | null
}

/** A judge of several revisions, named `Name 1` to `Name n`. */
async function judgeOf(revisions: number, { call, advance }: TestAssize): Promise<string> {
  const { body } = await call('POST', path, { body: { ...approval, name: 'Name 1' } })
  for (let number = 2; number <= revisions; number++) {
    advance(1000)
    const answer = await call('PUT', `${path}/${body.id}`, { body: { ...approval, name: `Name ${number}` } })
    expect(answer.status).toBe(204)
  }
  return body.id
}

async function revisionsOf(id: string, { call }: TestAssize): Promise<Shown[]> {
  return (await call('GET', `${path}/${id}/revisions?page_size=100`)).body.revisions.results
}

/** Each revision is the one above the one below it. */
function expectUnbroken(newestFirst: readonly Shown[]): void {
  const oldestFirst = newestFirst.toReversed()
  for (const [index, revision] of oldestFirst.entries()) {
    expect(revision).toMatchObject({
      base_revision: oldestFirst[0]?.id,
      down_revision: oldestFirst[index - 1]?.id ?? null,
      up_revision: oldestFirst[index + 1]?.id ?? null,
    })
  }
}

for (const engine of engines) {
  describe(`revisions on ${engine.name}`, () => {
    it('are listed newest first, in a chain', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(3, assize)
      const revisions = await revisionsOf(id, assize)
      expect(revisions.map(({ name }) => name)).toEqual(['Name 3', 'Name 2', 'Name 1'])
      expectUnbroken(revisions)
      const { body: judge } = await assize.call('GET', `${path}/${id}`)
      expect(revisions[0]).toEqual({
        ...approval,
        name: 'Name 3',
        id: expect.any(String),
        judge_id: id,
        created_at: '2026-01-02T03:04:07.000Z',
        owner_id: judge.owner_id,
        base_revision: judge.base_revision,
        down_revision: judge.down_revision,
        up_revision: null,
      })
    })

    it('are listed in pages, by the id of the judge or of any revision', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(3, assize)
      const [, middle] = await revisionsOf(id, assize)
      const where = `${path}/${middle?.id}/revisions`
      const first = await assize.call('GET', `${where}?page_size=2`)
      expect(first.body.revisions).toMatchObject({
        count: 3,
        next: `${where}?page_size=2&page=2`,
        previous: null,
      })
      const second = await assize.call('GET', first.body.revisions.next)
      expect(second.body.revisions).toMatchObject({
        results: [{ name: 'Name 1' }],
        next: null,
        previous: `${where}?page_size=2&page=1`,
      })
      const none = await assize.call('GET', `${where}?page_size=0`)
      expect(none.body.revisions).toEqual({ results: [], count: 3, next: null, previous: null })
    })

    it('answer in the place of their judge with their own content', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(3, assize)
      const revisions = await revisionsOf(id, assize)
      for (const revision of revisions) {
        const pinned = await assize.call('GET', `${path}/${revision.id}`)
        expect(pinned).toMatchObject({
          status: 200,
          headers: { etag: `"${revision.id}"` },
          body: { id, name: revision.name, down_revision: revision.down_revision },
        })
        expect(pinned.body.up_revision).toBe(revision.up_revision)
      }
    })

    it('pin the judge that runs, whatever is written afterwards', async () => {
      const assize = await startTestAssize({ engine })
      const first = { ...approval, instructions: 'Is it kind?' }
      const { body: judge } = await assize.call('POST', path, { body: first })
      await assize.call('PUT', `${path}/${judge.id}`, { body: { ...approval, instructions: 'Is it true?' } })
      const body = { messages: [{ role: 'user', content: 'Hi' }] }
      for (const judgeId of [judge.base_revision, judge.id]) {
        expect((await assize.call('POST', `${path}/${judgeId}/live-judging`, { body })).status).toBe(200)
      }
      const asked = assize.model.requests.map(({ messages }) => messages[1]?.content.split('\n')[0])
      expect(asked).toEqual(['Is it kind?', 'Is it true?'])
    })

    it('go with their judge', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(2, assize)
      const revisions = await revisionsOf(id, assize)
      await assize.call('DELETE', `${path}/${id}`)
      const body = { messages: [{ role: 'user', content: 'Hi' }] }
      for (const revision of revisions) {
        expect((await assize.call('GET', `${path}/${revision.id}`)).status).toBe(404)
        expect((await assize.call('GET', `${path}/${revision.id}/revisions`)).status).toBe(404)
        expect((await assize.call('POST', `${path}/${revision.id}/live-judging`, { body })).status).toBe(404)
        expect((await assize.call('DELETE', `${path}/${revision.id}`)).status).toBe(404)
      }
      expect(assize.model.requests).toEqual([])
    })

    it('are never changed, deleted or made of nothing new', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(2, assize)
      const before = await revisionsOf(id, assize)
      for (const revision of before) {
        const body = { ...approval, name: 'Changed' }
        expect((await assize.call('PUT', `${path}/${revision.id}`, { body })).status).toBe(409)
        expect((await assize.call('DELETE', `${path}/${revision.id}`)).status).toBe(409)
      }
      const unchanged = await assize.call('PUT', `${path}/${id}`, { body: { ...approval, name: 'Name 2' } })
      expect(unchanged).toMatchObject({
        status: 409,
        body: { detail: { error_code: 'JUDGE_DID_NOT_CHANGE' } },
      })
      expect(await revisionsOf(id, assize)).toEqual(before)
    })

    it('may say what an earlier one said', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(2, assize)
      expect(
        (await assize.call('PUT', `${path}/${id}`, { body: { ...approval, name: 'Name 1' } })).status,
      ).toBe(204)
      expect((await revisionsOf(id, assize)).map(({ name }) => name)).toEqual(['Name 1', 'Name 2', 'Name 1'])
    })

    it('say who wrote them', async () => {
      const assize = await startTestAssize({ engine })
      const { body: judge } = await assize.call('POST', path, { body: approval })
      const key = await assize.keyOf('editor')
      await assize.call('PUT', `${path}/${judge.id}`, { key, body: { ...approval, description: 'Hers.' } })
      const { body } = await assize.call('GET', `${path}/${judge.id}/revisions`)
      const [second, first] = body.revisions.results
      expect(first.owner_id).toBe(judge.owner_id)
      expect(second.owner_id).not.toBe(judge.owner_id)
      expect((await assize.call('GET', `${path}/${judge.id}`)).body.owner_id).toBe(judge.owner_id)
    })

    it('make one chain of changes that come at once', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(1, assize)
      const writers = Array.from({ length: 12 }, (_, index) => index)
      const answers = await Promise.all(
        writers.map((writer) =>
          assize.call('PUT', `${path}/${id}`, { body: { ...approval, description: `writer ${writer}` } }),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual(writers.map(() => 204))
      const revisions = await revisionsOf(id, assize)
      expect(revisions).toHaveLength(13)
      expect(new Set(revisions.map((revision) => revision.id)).size).toBe(13)
      expectUnbroken(revisions)
    })
  })

  describe(`If-Match on ${engine.name}`, () => {
    it('lets a change through that knew the latest revision', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(1, assize)
      const etag = String((await assize.call('GET', `${path}/${id}`)).headers.etag)
      const headers = { 'if-match': etag }
      const body = { ...approval, name: 'Changed' }
      expect((await assize.call('PUT', `${path}/${id}`, { body, headers })).status).toBe(204)
      const stale = { body: { ...approval, name: 'Too late' }, headers }
      expect((await assize.call('PUT', `${path}/${id}`, stale)).status).toBe(412)
      expect((await assize.call('DELETE', `${path}/${id}`, { headers })).status).toBe(412)
      const fetched = await assize.call('GET', `${path}/${id}`)
      expect(fetched.body.name).toBe('Changed')
      const fresh = { 'if-match': String(fetched.headers.etag) }
      expect((await assize.call('DELETE', `${path}/${id}`, { headers: fresh })).status).toBe(204)
    })

    it('lets one of several changes through that come at once', async () => {
      const assize = await startTestAssize({ engine })
      const id = await judgeOf(1, assize)
      const headers = { 'if-match': String((await assize.call('GET', `${path}/${id}`)).headers.etag) }
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((description) =>
          assize.call('PUT', `${path}/${id}`, { body: { ...approval, description }, headers }),
        ),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 412, 412, 412, 412])
      expect(await revisionsOf(id, assize)).toHaveLength(2)
    })
  })
}

describe('If-Match', () => {
  it.each([
    ['any revision', () => '*', 204],
    ['any, with spaces', () => ' * ', 204],
    ['a list with the tag', (tag: string) => `"other", ${tag}`, 204],
    ['a list without it', () => '"other", "another"', 412],
    ['a weak tag', (tag: string) => `W/${tag}`, 412],
    ['a list of a weak tag and the strong one', (tag: string) => `W/${tag}, ${tag}`, 204],
    ['a tag without its quotes', (tag: string) => tag.replaceAll('"', ''), 412],
    ['the id of the judge', (_: string, id: string) => `"${id}"`, 412],
    ['nothing', () => '', 412],
  ])('that says %s', async (_, headerOf, status) => {
    const assize = await startTestAssize()
    const id = await judgeOf(2, assize)
    const { headers } = await assize.call('GET', `${path}/${id}`)
    const ifMatch = { 'if-match': headerOf(String(headers.etag), id) }
    const body = { ...approval, name: 'Changed' }
    expect((await assize.call('PUT', `${path}/${id}`, { body, headers: ifMatch })).status).toBe(status)
    const again = status === 204 && ifMatch['if-match'].trim() !== '*' ? 412 : status
    expect((await assize.call('DELETE', `${path}/${id}`, { headers: ifMatch })).status).toBe(again)
  })

  it('does not bring back what is gone', async () => {
    const assize = await startTestAssize()
    const id = await judgeOf(1, assize)
    await assize.call('DELETE', `${path}/${id}`)
    const headers = { 'if-match': '*' }
    expect((await assize.call('PUT', `${path}/${id}`, { body: approval, headers })).status).toBe(404)
  })
})
