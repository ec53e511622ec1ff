import { describe, expect, it } from 'vitest'
import { AssizeError } from '../../src/errors.ts'
import { ModelFailure } from '../../src/judging/model.ts'
import { engines } from '../support/engines.ts'
import { path } from '../support/test-assize.ts'
import { plain, runsPath, startTestRuns } from '../support/test-runs.ts'

/** A judgment takes 10 tokens of input and 5 of output: a cent. */
const prices = [{ modelPatterns: ['scripted/*'], inputPerMillion: 500, outputPerMillion: 1000 }]

for (const engine of engines) {
  describe(`a run with a cap on ${engine.name}`, () => {
    it('stops before it passes its cap of tokens, and goes on with a higher one', async () => {
      const test = await startTestRuns(plain(20), { engine })
      const id = await test.begin({ max_tokens: 100, concurrency: 8 })
      const capped = await test.until(id, 'capped')
      expect(capped).toMatchObject({
        pending: 14,
        reason: 'Another judgment would pass max_tokens 100: 90 are spent.',
      })
      expect(capped.outcomes.answered).toBe(6)
      const resumed = await test.call('POST', `${runsPath}/${id}/resume`, { body: { max_tokens: 150 } })
      expect(resumed.body).toMatchObject({ state: 'running', max_tokens: 150, reason: null })
      expect(await test.until(id, 'capped')).toMatchObject({ pending: 10 })
      await test.call('POST', `${runsPath}/${id}/resume`, { body: { max_tokens: null } })
      expect(await test.until(id, 'completed')).toMatchObject({ pending: 0, max_tokens: null })
      expect(test.model.requests).toHaveLength(20)
    })

    it('stops before it passes its cap of cost', async () => {
      const test = await startTestRuns(plain(20), { engine, config: { prices } })
      const capped = await test.until(await test.begin({ max_cost: 0.055 }), 'capped')
      expect(capped.reason).toMatch(/^Another judgment would pass max_cost 0.055: 0.05\d* is spent\.$/)
      expect(capped.cost).toBeCloseTo(0.05)
      expect(test.model.requests).toHaveLength(5)
    })

    it('is complete where its cap is reached with its last record', async () => {
      const test = await startTestRuns(plain(4), { engine })
      expect(await test.until(await test.begin({ max_tokens: 60 }), 'completed')).toMatchObject({
        pending: 0,
      })
    })
  })
}

describe('a run', () => {
  it('stops where the provider gives nothing any more, and can be resumed and retried', async () => {
    const test = await startTestRuns(plain(130))
    test.model.script(new ModelFailure('invalid_request', 'The provider refused the key.'))
    const id = await test.begin({ concurrency: 4 })
    const failed = await test.until(id, 'failed')
    expect(failed.reason).toBe('100 judgments in a row failed; the last one: The provider refused the key.')
    expect(failed.outcomes.invalid_request).toBeGreaterThanOrEqual(100)
    expect(failed.outcomes.invalid_request).toBeLessThanOrEqual(104)
    test.model.script('{"analysis": "It is back.", "answer": "approved"}')
    await test.call('POST', `${runsPath}/${id}/resume`)
    const completed = await test.until(id, 'completed')
    expect(completed.reason).toBeNull()
    await test.call('POST', `${runsPath}/${id}/retry`)
    expect((await test.until(id, 'completed')).outcomes.answered).toBe(130)
  })

  it('makes an outcome of what is wrong with a record', async () => {
    const test = await startTestRuns([{ n: 1 }, { n: 0 }, { n: 2 }], {
      judge: { instructions: '{{ 1 // properties.n }} {{ assistant_message }}' },
    })
    const run = await test.until(await test.begin(), 'completed')
    expect(run.outcomes).toMatchObject({ answered: 2, invalid_request: 1 })
    const [, judgment] = await test.judgmentsOf(run.id)
    expect(judgment).toMatchObject({ outcome: 'invalid_request', attempts: 0, provider: 'scripted', cost: 0 })
    expect(judgment.reason).toMatch(/^instructions: line 1: /)
  })

  it('stops where nobody serves its model any more', async () => {
    const test = await startTestRuns(plain(3), { isIdle: true })
    const id = await test.begin()
    const { find } = test.assize.models
    Object.assign(test.assize.models, {
      find: (name: string) => {
        throw new AssizeError('model_not_served', `Nobody serves ${name} any more.`)
      },
    })
    test.assize.runWorker.start()
    expect(await test.until(id, 'failed')).toMatchObject({
      reason: 'Nobody serves scripted any more.',
      pending: 3,
    })
    Object.assign(test.assize.models, { find })
    await test.call('POST', `${runsPath}/${id}/resume`)
    await test.until(id, 'completed')
  })

  it('stops where its judge was deleted', async () => {
    const test = await startTestRuns(plain(3), { isIdle: true })
    const id = await test.begin()
    await test.call('DELETE', `${path}/${test.judgeId}`)
    test.assize.runWorker.start()
    expect((await test.until(id, 'failed')).reason).toContain('There is no judge')
    expect(test.model.requests).toEqual([])
  })

  it('leaves a provider alone for as long as it asks', async () => {
    const test = await startTestRuns(plain(4))
    test.model.script(
      new ModelFailure('rate_limited', 'Slow down.', { retryAfterMs: 1500 }),
      '{"analysis": "As scripted.", "answer": "approved"}',
    )
    const startedMs = performance.now()
    const id = await test.begin({ concurrency: 1 })
    const run = await test.until(id, 'completed')
    expect(run.outcomes).toMatchObject({ rate_limited: 1, answered: 3 })
    expect(performance.now() - startedMs).toBeGreaterThan(1500)
  })
})
