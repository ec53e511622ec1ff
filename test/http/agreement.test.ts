import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import { recordsPath } from '../support/datasets.ts'
import { engines } from '../support/engines.ts'
import { runsPath, startTestRuns } from '../support/test-runs.ts'

const answering = (answer: string) => ({ text: JSON.stringify({ analysis: 'as scripted', answer }) })
const numberIn = ({ messages }: ModelRequest): number =>
  Number(/Question (\d+)/.exec(messages.at(-1)?.content ?? '')?.[1])

/** Forty records; the judge approves the even ones, and people those that can be divided by four and all odd ones below 10. */
const humanLabel = (number: number): string =>
  number % 4 === 0 || (number % 2 === 1 && number < 10) ? 'approved' : 'rejected'

async function startLabelledRun(engine: (typeof engines)[number]) {
  const properties = Array.from({ length: 40 }, (_, at) => ({ human: humanLabel(at + 1) }))
  const test = await startTestRuns(properties, { engine })
  test.model.script(async (request) => answering(numberIn(request) % 2 === 0 ? 'approved' : 'rejected'))
  const { body: created } = await test.create({})
  const run = await test.until(created.id, 'completed')
  const give = (at: number, author: string, value: unknown) =>
    test.call('POST', `${recordsPath}/${test.recordIds[at]}/labels`, {
      body: { judge_id: test.judgeId, author, value },
    })
  return { test, run, give, url: `${runsPath}/${run.id}` }
}

for (const engine of engines) {
  describe(`the agreement of a run on ${engine.name}`, () => {
    it('compares it with the labels that people gave, and corrects its shares', async () => {
      const { test, run, give, url } = await startLabelledRun(engine)
      for (let at = 0; at < 20; at += 1) await give(at, 'Ada', humanLabel(at + 1))
      await give(0, 'Grace', humanLabel(1))
      await give(30, 'Ada', null)
      const { status, body } = await test.call('GET', `${url}/agreement`)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        run_id: run.id,
        judge_id: test.judgeId,
        revision_id: test.revisionId,
        outcomes: { answered: 40 },
        pending: 0,
        labels: {
          records: 21,
          compared: 20,
          people: ['Ada', 'Grace'],
          left_out: { not_answered: 0, tied: 0, cannot_tell: 1, out_of_output: 0 },
          unfit: 0,
        },
        // Of ten approved five are; of ten rejected five are.
        agreement: { type: 'CLASSIFICATION', accuracy: { value: 0.5, count: 20 }, kappa: { value: 0 } },
        people: { records: 1, ceiling: { accuracy: { value: 1, count: 1 } } },
        estimate: {
          kind: 'shares',
          method: 'judge_stratified',
          labels: 20,
          strata: [
            { name: 'approved', records: 20, labelled: 10, weight: 2 },
            { name: 'rejected', records: 20, labelled: 10, weight: 2 },
          ],
        },
      })
      expect(body.estimate.shares[0]).toMatchObject({ option: 'approved', naive: { share: 0.5 } })
      expect(body.disagreements).toHaveLength(10)
      const pairs = await test.call('GET', `${url}/label-pairs`)
      expect(pairs.body.count).toBe(20)
      expect(pairs.body.pairs.slice(0, 2)).toEqual([
        { record_id: test.recordIds[0], item_number: 1, label: 'approved', answer: 'rejected' },
        { record_id: test.recordIds[1], item_number: 2, label: 'rejected', answer: 'approved' },
      ])
      expect(body.disagreements[0]).toMatchObject({
        record_id: test.recordIds[0],
        item_number: 1,
        label: 'approved',
        answer: 'rejected',
        analysis: 'as scripted',
        labels: [
          { author: 'Ada', value: 'approved' },
          { author: 'Grace', value: 'approved' },
        ],
      })
    })

    it('reads labels from a field of the records', async () => {
      const { test, url } = await startLabelledRun(engine)
      const { body } = await test.call('GET', `${url}/agreement?label_field=human`)
      expect(body.labels).toMatchObject({ records: 40, compared: 40, people: ['field'] })
      // Right are the ten that can be divided by four, and the fifteen odd ones from 11 on.
      expect(body.agreement.accuracy).toMatchObject({ value: 25 / 40, count: 40 })
      expect(body.estimate.shares[0].corrected.share).toBeCloseTo(0.5 * (10.5 / 21) + 0.5 * (5.5 / 21), 3)
      const none = await test.call('GET', `${url}/agreement?label_field=nothing`)
      expect(none.body).toMatchObject({
        labels: { records: 0, compared: 0 },
        estimate: { kind: 'refused', reason: expect.stringContaining('approved (20), rejected (20)') },
      })
    })

    it('takes the answers of another run for labels, and bridges to all records', async () => {
      const { test, url } = await startLabelledRun(engine)
      test.model.script(async (request) => answering(humanLabel(numberIn(request))))
      const { body: part } = await test.create({
        dataset_id: undefined,
        record_ids: test.recordIds.slice(0, 20),
      })
      await test.until(part.id, 'completed')
      const { body } = await test.call('GET', `${url}/agreement?answers_of=${part.id}`)
      expect(body).toMatchObject({
        labels: { records: 20, compared: 20, people: [part.id] },
        agreement: { accuracy: { value: 0.5 } },
        estimate: { kind: 'shares', labels: 20 },
      })
      const none = '00000000-0000-0000-0000-000000000000'
      expect((await test.call('GET', `${url}/agreement?answers_of=${none}`)).status).toBe(404)
    })

    it('says what to label next, by chance inside of each answer, and how many labels a width needs', async () => {
      const { test, give, url } = await startLabelledRun(engine)
      for (let at = 1; at < 12; at += 2) await give(at, 'Ada', humanLabel(at + 1))
      const { status, body } = await test.call('GET', `${url}/label-queue?n=10&width=0.5`)
      expect(status).toBe(200)
      expect(body.picks).toHaveLength(10)
      const answers = body.picks.map(({ answer }: { answer: string }) => answer)
      // Six of the approved are labelled, none of the rejected.
      expect(answers.filter((answer: string) => answer === 'rejected').length).toBeGreaterThan(5)
      const labelled = test.recordIds.filter((_, at) => at < 12 && at % 2 === 1)
      for (const { record_id: id } of body.picks) expect(labelled).not.toContain(id)
      expect(body.estimate.kind).toBe('refused')
      expect(body.more_labels).toBeGreaterThan(0)
      const again = await test.call('GET', `${url}/label-queue?n=10&width=0.5`)
      expect(again.body).toEqual(body)
      expect((await test.call('GET', `${url}/label-queue?n=0`)).body).toMatchObject({
        picks: [],
        more_labels: null,
      })
    })

    it('corrects the shares of a run by the labels of another', async () => {
      const { test, run, url } = await startLabelledRun(engine)
      const { body: created } = await test.create({})
      const second = await test.until(created.id, 'completed')
      const { status, body } = await test.call(
        'GET',
        `${runsPath}/${second.id}/corrected-shares?labels_of=${run.id}&label_field=human`,
      )
      expect(status).toBe(200)
      expect(body).toMatchObject({
        run_id: second.id,
        labels_of: run.id,
        warnings: [],
        method: 'rogan_gladen',
      })
      // Fifteen are labelled approved, ten of which were approved; of 25 rejected, fifteen were rejected.
      expect(body.shares[0]).toMatchObject({
        option: 'approved',
        naive: 0.5,
        positives: 15,
        true_positives: 10,
        negatives: 25,
        true_negatives: 15,
        refusal: null,
      })
      expect(body.shares[0].corrected.share).toBeCloseTo((0.5 + 15 / 25 - 1) / (10 / 15 + 15 / 25 - 1), 9)
      const unlabelled = await test.call('GET', `${url}/corrected-shares?labels_of=${second.id}`)
      expect(unlabelled.body.shares[0]).toMatchObject({
        corrected: null,
        refusal: 'No labelled record has the label "approved".',
      })
    })
  })
}
