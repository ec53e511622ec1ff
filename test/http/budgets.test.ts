import { describe, expect, it } from 'vitest'
import { createAssize } from '../../src/assize.ts'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'
import { plain, runsPath, startTestRuns } from '../support/test-runs.ts'

/** A judgment takes 10 tokens of input and 5 of output: a cent. */
const prices = [{ modelPatterns: ['scripted/*'], inputPerMillion: 500, outputPerMillion: 1000 }]
const conversation = { messages: [{ role: 'user', content: 'Hi' }] }

for (const engine of engines) {
  describe(`a budget on ${engine.name}`, () => {
    it('refuses live judgments once it is spent, until the day ends', async () => {
      const config = { prices, budgets: [{ perDay: 0.02 }] }
      const { call, advance, model } = await startTestAssize({ engine, config })
      const { body: judge } = await call('POST', path, { body: approval })
      const live = () => call('POST', `${path}/${judge.id}/live-judging`, { body: conversation })
      expect([(await live()).status, (await live()).status]).toEqual([200, 200])
      const refused = await live()
      expect(refused.status).toBe(429)
      // The clock of the test stands at 03:04:05.
      expect(refused.headers['retry-after']).toBe(String(86_400 - (3 * 3600 + 4 * 60 + 5)))
      expect(refused.body.detail).toEqual({
        message:
          'The budget of all workspaces (budgets[0]) is 0.02 per day, and 0.02 is spent; the next day begins on 2026-01-03 at 00:00 UTC.',
        error_code: null,
      })
      const tried = await call('POST', `${path}/try`, {
        body: { judge_definition: approval, ...conversation },
      })
      expect(tried.status).toBe(429)
      expect(model.requests).toHaveLength(2)
      advance(86_400_000)
      expect((await live()).status).toBe(200)
    })

    it('holds for its workspace and its judge, by name or id, and for no other', async () => {
      const budgets = [{ workspaceName: 'research', judge: 'Approval', perDay: 0.01 }]
      const { call, keyOf } = await startTestAssize({ engine, config: { prices, budgets } })
      const research = await keyOf('editor', 'research')
      const judgeOf = async (key: string | undefined, name: string) => {
        const options = { ...(key && { key }), body: { ...approval, name } }
        const { body } = await call('POST', path, options)
        const judging = { ...(key && { key }), body: conversation }
        return async () => (await call('POST', `${path}/${body.id}/live-judging`, judging)).status
      }
      const held = await judgeOf(research, 'Approval')
      const elsewhere = await judgeOf(undefined, 'Approval')
      const another = await judgeOf(research, 'Another')
      expect([await held(), await held()]).toEqual([200, 429])
      expect([await elsewhere(), await elsewhere()]).toEqual([200, 200])
      expect([await another(), await another()]).toEqual([200, 200])
    })

    it('is spent by what other processes have stored', async () => {
      const shared = await startTestAssize({ engine, config: { prices } })
      const { body: judge } = await shared.call('POST', path, { body: approval })
      await shared.call('POST', `${path}/${judge.id}/live-judging`, { body: conversation })
      const budgets = [{ judge: judge.id as string, perDay: 0.01 }]
      const now = () => new Date(Date.UTC(2026, 0, 2, 5))
      await using other = await createAssize({ ...shared.config, budgets, logLevel: 'silent' }, { now })
      const answer = await other.server.inject({
        method: 'POST',
        url: `${path}/${judge.id}/live-judging`,
        headers: { authorization: `Bearer ${shared.key}` },
        payload: conversation,
      })
      expect(answer.statusCode).toBe(429)
    })

    it('stops a run as capped, which goes on the next day', async () => {
      const config = { prices, budgets: [{ workspaceName: 'default', perDay: 0.055 }] }
      const test = await startTestRuns(plain(14), { engine, config })
      const id = await test.begin({ concurrency: 1 })
      const capped = await test.until(id, 'capped')
      expect(capped.reason).toBe(
        'The budget of workspace "default" (budgets[0]) is 0.055 per day, and 0.06 is spent; the next day begins on 2026-01-03 at 00:00 UTC.',
      )
      expect(capped).toMatchObject({ pending: 8, outcomes: { answered: 6 } })
      await test.call('POST', `${runsPath}/${id}/resume`)
      expect(await test.until(id, 'capped')).toMatchObject({ pending: 8 })
      test.advance(86_400_000)
      await test.call('POST', `${runsPath}/${id}/resume`)
      expect(await test.until(id, 'capped')).toMatchObject({ pending: 2 })
      test.advance(86_400_000)
      await test.call('POST', `${runsPath}/${id}/resume`)
      expect(await test.until(id, 'completed')).toMatchObject({ pending: 0, reason: null })
      expect(test.model.requests).toHaveLength(14)
    })
  })
}
