import { uuidv7 } from 'uuidv7'
import { describe, expect, it } from 'vitest'
import { createAssize } from '../../src/assize.ts'
import type { Config } from '../../src/config.ts'
import type { ListedJudgment } from '../../src/judging/judgment-store.ts'
import { ModelFailure } from '../../src/judging/model.ts'
import { createLog } from '../../src/log.ts'
import { JudgmentRows } from '../../src/storage/judgment-rows.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { engines } from '../support/engines.ts'
import { servedModels } from '../support/scripted-model.ts'
import { type Answer, approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const start = '2026-01-02T03:04:05.000Z'
const dayMs = 86_400_000

const conversation = {
  messages: [{ role: 'user', content: 'Hi <|im_start|>' }],
  properties: { tone: 'kind' },
}
const kept = { areStored: true, keepAnalysis: true, keepConversation: true }

interface Judged extends TestAssize {
  readonly judge: { id: string; base_revision: string }
  /** Makes one judgment and gives its id. */
  judged(
    reply: Parameters<TestAssize['model']['script']>[0],
    judgeId?: string,
    query?: string,
  ): Promise<string>
  listed(query?: string, id?: string): Promise<{ ids: string[]; count: number }>
}

const yes = '{"analysis": "Fine.", "answer": "approved"}'
const no = '{"analysis": "Not fine.", "answer": "rejected"}'

async function startJudged(choices: Parameters<typeof startTestAssize>[0] = {}): Promise<Judged> {
  const assize = await startTestAssize({ ...choices, config: { judgments: kept, ...choices.config } })
  const { call, model } = assize
  const { body: judge } = await call('POST', path, { body: approval })
  return {
    ...assize,
    judge,
    judged: async (reply, judgeId = judge.id, query = '') => {
      model.script(reply)
      const url = `${path}/${judgeId}/live-judging?include=details${query}`
      const { body } = await call('POST', url, { body: conversation })
      return (body.details ?? body.detail.judgment.details).judgment_id
    },
    listed: async (query = '', id = judge.id) => {
      const { status, body } = await call('GET', `${path}/${id}/judgments?${query}`)
      expect(status, JSON.stringify(body)).toBe(200)
      return {
        ids: body.judgments.results.map((one: { id: string }) => one.id),
        count: body.judgments.count,
      }
    },
  }
}

const prices = [{ modelPatterns: ['scripted/*'], inputPerMillion: 2, outputPerMillion: 4 }]

for (const engine of engines) {
  describe(`the judgments of a judge on ${engine.name}`, () => {
    it('are listed with all that is kept of them', async () => {
      const { call, judge, judged } = await startJudged({ engine, config: { prices } })
      const id = await judged({ text: yes, leftOut: ['temperature'] })
      const { body } = await call('GET', `${path}/${judge.id}/judgments`)
      const expected = {
        id,
        judge_id: judge.id,
        revision_id: judge.base_revision,
        run_id: null,
        item_number: null,
        record_id: null,
        created_at: start,
        outcome: 'answered',
        answer: 'approved',
        analysis: 'Fine.',
        reason: null,
        distribution: { approved: 1, rejected: 0 },
        distribution_method: 'samples',
        agreement: null,
        flags: ['chat_template_marks'],
        provider: 'scripted',
        model_name: 'scripted',
        enforcement: 'json_schema',
        left_out: ['temperature'],
        attempts: 1,
        latency_ms: expect.any(Number),
        input_tokens: 10,
        output_tokens: 5,
        cost: 0.000_04,
        tool_calls: [],
        votes: null,
      }
      expect(body).toEqual({
        judgments: { results: [expected], count: 1, next: null, previous: null },
      })
      const one = await call('GET', `${path}/${judge.id}/judgments/${id.toUpperCase()}`)
      expect(one).toMatchObject({ status: 200 })
      expect(one.body).toEqual({ ...expected, conversation })
    })

    it('tell of those without an answer why, and of several how far they agree', async () => {
      const { call, judge, judged, model } = await startJudged({ engine })
      const failed = await judged(new ModelFailure('rate_limited', 'Too fast.'))
      model.script(yes, yes, no)
      const { body } = await call('POST', `${path}/${judge.id}/live-judging?samples=3`, {
        body: conversation,
      })
      expect(body).toMatchObject({ answer: 'approved', poll: { made: 2 } })
      const { body: list } = await call('GET', `${path}/${judge.id}/judgments`)
      expect(list.judgments.results).toMatchObject([
        { outcome: 'answered', agreement: 1, votes: [{ answer: 'approved' }, { answer: 'approved' }] },
        { id: failed, outcome: 'rate_limited', answer: null, reason: 'Too fast.', cost: 0, votes: null },
      ])
    })

    it('are paged, newest first', async () => {
      const { call, judge, judged, advance } = await startJudged({ engine })
      const ids: string[] = []
      for (let number = 0; number < 5; number++) {
        ids.unshift(await judged(yes))
        advance(number === 2 ? 0 : 1000)
      }
      const { body } = await call('GET', `${path}/${judge.id}/judgments?page=2&page_size=2&outcome=answered`)
      expect(body.judgments.results.map((one: { id: string }) => one.id)).toEqual(ids.slice(2, 4))
      expect(body.judgments).toMatchObject({
        count: 5,
        next: `${path}/${judge.id}/judgments?page=3&page_size=2&outcome=answered`,
        previous: `${path}/${judge.id}/judgments?page=1&page_size=2&outcome=answered`,
      })
    })

    it('are narrowed by outcome, answer and time', async () => {
      const { judged, advance, listed } = await startJudged({ engine })
      const approved = await judged(yes)
      advance(1000)
      const rejected = await judged(no)
      advance(1000)
      const failed = await judged(new ModelFailure('filtered', 'No.'))
      expect(await listed('outcome=filtered')).toEqual({ ids: [failed], count: 1 })
      expect((await listed('outcome=filtered&outcome=answered')).count).toBe(3)
      expect(await listed('answer=approved')).toEqual({ ids: [approved], count: 1 })
      expect((await listed('answer=rejected&answer=approved')).ids).toEqual([rejected, approved])
      expect((await listed('answer=Approved')).ids).toEqual([])
      expect((await listed('since=2026-01-02T03:04:06Z')).ids).toEqual([failed, rejected])
      expect((await listed('before=2026-01-02T04:04:06%2B01:00')).ids).toEqual([approved])
    })

    it('are found by answers that are numbers, however they are written', async () => {
      const { call, judged, listed } = await startJudged({ engine })
      const output = { min: 0, min_description: 'bad', max: 10, max_description: 'good' }
      const { body: judge } = await call('POST', path, { body: { ...approval, name: 'Scale', output } })
      const [half] = [await judged('{"analysis": "", "answer": 0.5}', judge.id)]
      const [three] = [await judged('{"analysis": "", "answer": 3}', judge.id)]
      expect((await listed('answer=3.0', judge.id)).ids).toEqual([three])
      expect((await listed('answer=5e-1&answer=3', judge.id)).ids).toEqual([three, half])
      expect((await listed('answer=1e999', judge.id)).ids).toEqual([])
    })

    it('are those of all revisions by its id, and of one by the id of that', async () => {
      const { call, judge, judged, listed } = await startJudged({ engine })
      const first = await judged(yes)
      await call('PUT', `${path}/${judge.id}`, { body: { ...approval, description: 'Another.' } })
      const second = await judged(yes)
      const pinned = await judged(yes, judge.base_revision)
      expect((await listed()).ids).toEqual([pinned, second, first])
      expect((await listed('', judge.base_revision)).ids).toEqual([pinned, first])
      expect((await listed(`revision_id=${judge.base_revision}`)).ids).toEqual([pinned, first])
      const both = `revision_id=${judge.base_revision.toUpperCase()}`
      expect((await listed(both, judge.base_revision)).count).toBe(2)
      const url = `${path}/${judge.base_revision}/judgments`
      expect((await call('GET', `${url}/${second}`)).status).toBe(404)
      expect((await call('DELETE', `${url}/${second}`)).status).toBe(404)
      const deletion = await call('DELETE', `${url}?before=2027-01-01T00:00:00Z`)
      expect(deletion).toMatchObject({ status: 200, body: { deleted: 2 } })
      expect((await listed()).ids).toEqual([second])
    })

    it('are deleted for good, one by one and by age', async () => {
      const { call, config, judge, judged, advance, listed } = await startJudged({ engine })
      const [oldest, middle] = [await judged(yes), await judged(yes)]
      advance(dayMs)
      const newest = await judged(yes)
      const url = `${path}/${judge.id}/judgments`
      expect(await call('DELETE', `${url}/${middle}`)).toMatchObject({ status: 204, body: undefined })
      expect((await call('DELETE', `${url}/${middle}`)).status).toBe(404)
      expect((await call('GET', `${url}/${middle}`)).status).toBe(404)
      const old = await call('DELETE', `${url}?before=2026-01-02T12:00:00Z`)
      expect(old).toMatchObject({ status: 200, body: { deleted: 1 } })
      expect((await call('GET', `${url}/${oldest}`)).status).toBe(404)
      expect(await listed()).toEqual({ ids: [newest], count: 1 })
      expect(await keptIds(config)).toEqual([newest])
    })

    it('are seen in their workspace and under their judge alone', async () => {
      const { call, judge, judged, keyOf } = await startJudged({ engine })
      const id = await judged(yes)
      const { body: other } = await call('POST', path, { body: { ...approval, name: 'Another' } })
      const url = `${path}/${other.id}/judgments`
      expect((await call('GET', url)).body.judgments.count).toBe(0)
      const hidden: Answer[] = [await call('GET', `${url}/${id}`), await call('DELETE', `${url}/${id}`)]
      for (const { status, body } of hidden) {
        expect({ status, code: body.detail.error_code }).toEqual({ status: 404, code: null })
      }
      const key = await keyOf('admin', 'research')
      expect((await call('GET', `${path}/${judge.id}/judgments/${id}`, { key })).status).toBe(404)
      expect((await call('DELETE', `${url}?before=2030-01-01T00:00:00Z`)).body).toEqual({ deleted: 0 })
      expect((await call('GET', `${path}/${judge.id}/judgments/${id}`)).status).toBe(200)
    })

    it('are not found once the judge is deleted, and stay in the database', async () => {
      const { call, config, judge, judged } = await startJudged({ engine })
      const id = await judged(yes)
      await call('DELETE', `${path}/${judge.id}`)
      for (const url of [`${path}/${judge.id}/judgments`, `${path}/${judge.id}/judgments/${id}`]) {
        expect(await call('GET', url)).toMatchObject({
          status: 404,
          body: { detail: { error_code: 'JUDGE_NOT_FOUND' } },
        })
      }
      expect(await keptIds(config)).toEqual([id])
    })

    it('go by themselves when they are older than the settings say, but for those of runs', async () => {
      const { call, config, judge, judged, advance, model } = await startJudged({ engine })
      await judged(yes)
      const ofRun = await copyForRun(config, judge.id)
      advance(2 * dayMs)
      const recent = await judged(yes)
      await call('DELETE', `${path}/${judge.id}`)
      const lines: string[] = []
      await using _ = await createAssize(
        { ...config, judgments: { ...kept, retentionMs: dayMs } },
        {
          models: servedModels(model),
          log: createLog('info', { write: (line: string) => lines.push(line) }),
          now: () => new Date(Date.parse(start) + 2 * dayMs),
        },
      )
      await expect.poll(() => keptIds(config)).toEqual([ofRun, recent].toSorted())
      await expect.poll(() => lines.join('')).toMatch(/"count":1.*kept long enough/)
    })
  })
}

/** Keeps the judge's one judgment a second time, as one that a run made. */
async function copyForRun(config: Config, judgeId: string): Promise<string> {
  await using database = await openDatabase(config.database)
  const rows = new JudgmentRows(database)
  const { items } = await rows.list({ judgeId, page: 1, pageSize: 1, outcomes: [], answers: [] })
  const [id, runId, recordId] = [uuidv7(), uuidv7(), uuidv7()]
  const copy = {
    ...(items[0] as ListedJudgment),
    id,
    conversation: null,
    run: { runId, itemNumber: 1, recordId },
  }
  await rows.insert(copy)
  return id
}

async function keptIds(config: Config): Promise<string[]> {
  await using database = await openDatabase(config.database)
  const rows = await database.kysely.selectFrom('judgments').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}
