import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import { engines } from '../support/engines.ts'
import { approval, path } from '../support/test-assize.ts'
import { plain, runsPath, startTestRuns, type TestRuns } from '../support/test-runs.ts'

const saying = (answer: string | number) => ({
  text: JSON.stringify({ analysis: `It is ${answer}.`, answer }),
})
const numberIn = ({ messages }: ModelRequest): number =>
  Number(/Question (\d+)/.exec(messages.at(-1)?.content ?? '')?.[1])

/** Runs a judge to its end, with an answer for each number of a question. */
async function runWith(
  test: TestRuns,
  answer: (number: number) => string | number | undefined,
  body: object = {},
): Promise<string> {
  test.model.script(async (request) => {
    const said = answer(numberIn(request))
    return said === undefined ? { finish: 'refused', text: '' } : saying(said)
  })
  return (await test.until(await test.begin(body), 'completed')).id
}

const scale = { type: 'REGRESSION', min: 0, min_description: 'bad', max: 10, max_description: 'good' }

async function addJudge(test: TestRuns, change: object): Promise<{ id: string; base_revision: string }> {
  return (await test.call('POST', path, { body: { ...approval, ...change } })).body
}

for (const engine of engines) {
  describe(`two runs on ${engine.name}`, () => {
    it('are compared over the records that both answered', async () => {
      const test = await startTestRuns(plain(24), { engine })
      const approves = (isSo: boolean): string => (isSo ? 'approved' : 'rejected')
      // 21 answered by both, of which 1 is approved twice, 7 are gained and 1 is lost.
      const first = await runWith(test, (number) => (number > 22 ? undefined : approves(number < 3)))
      const stricter = await addJudge(test, { name: 'Stricter', instructions: 'Is it really fine?' })
      const second = await runWith(
        test,
        (number) => (number === 22 ? undefined : approves(number === 1 || (number > 2 && number < 10))),
        { judge_id: stricter.id, record_ids: test.recordIds.slice(0, 23) },
      )
      const { status, body } = await test.call(
        'GET',
        `${runsPath}/${first}/comparison?with=${second}&flips=2`,
      )
      expect(status).toBe(200)
      expect(body.first).toEqual(await test.show(first))
      expect(body.second).toEqual(await test.show(second))
      expect(body.records).toEqual({
        in_both: 23,
        only_in_first: { refused: 1 },
        only_in_second: {},
        answered_by_both: 21,
        answered_by_first_only: { refused: 1 },
        answered_by_second_only: { refused: 1 },
        answered_by_neither: 0,
      })
      expect(body).toMatchObject({ is_comparable: true, reason: null, numbers: null })
      expect(body.differences).toEqual([
        { what: 'judge', first: test.judgeId, second: stricter.id },
        { what: 'revision', first: test.revisionId, second: stricter.base_revision },
        { what: 'instructions', first: 'Is it fine?', second: 'Is it really fine?' },
        { what: 'dataset', first: test.datasetId, second: null },
      ])
      expect(body.cross_table).toEqual({
        options: ['approved', 'rejected'],
        counts: [
          [1, 1],
          [7, 12],
        ],
      })
      // See the tests of McNemar's test and of Tango's interval.
      expect(body.options[0]).toMatchObject({
        option: 'approved',
        first: { count: 2, share: 2 / 21 },
        second: { count: 8, share: 8 / 21 },
        gained: 7,
        lost: 1,
        p_value: expect.closeTo(0.0703125, 10),
        mid_p_value: expect.closeTo(0.0390625, 10),
        difference: { low: expect.closeTo(0.026003, 5), high: expect.closeTo(0.517232, 5) },
      })
      expect(body.flips).toMatchObject({ count: 8, share: { share: 8 / 21 } })
      expect(body.flips.largest).toEqual([
        {
          record_id: test.recordIds[1],
          item_number: 2,
          change: null,
          first: { judgment_id: expect.any(String), answer: 'approved', analysis: 'It is approved.' },
          second: { judgment_id: expect.any(String), answer: 'rejected', analysis: 'It is rejected.' },
        },
        expect.objectContaining({ record_id: test.recordIds[2], item_number: 3 }),
      ])
      const swapped = await test.call('GET', `${runsPath}/${second}/comparison?with=${first}`)
      expect(swapped.body.options[0]).toMatchObject({ gained: 1, lost: 7 })
      expect(swapped.body.records).toMatchObject({ only_in_first: {}, only_in_second: { refused: 1 } })
    })

    it('have all their flips listed, page after page', async () => {
      const test = await startTestRuns(plain(9), { engine })
      const first = await runWith(test, () => 'approved')
      const second = await runWith(test, (number) => (number % 2 === 0 ? 'rejected' : 'approved'))
      const url = `${runsPath}/${first}/comparison/flips?with=${second}`
      const { body } = await test.call('GET', `${url}&page_size=3`)
      expect(body.flips).toMatchObject({ count: 4, previous: null })
      expect(body.flips.results.map((flip: { item_number: number }) => flip.item_number)).toEqual([2, 4, 6])
      expect(body.flips.results[0]).toMatchObject({
        record_id: test.recordIds[1],
        first: { answer: 'approved', analysis: 'It is approved.' },
        second: { answer: 'rejected', analysis: 'It is rejected.' },
      })
      const next = await test.call('GET', body.flips.next)
      expect(next.body.flips).toMatchObject({ count: 4, next: null })
      expect(next.body.flips.results.map((flip: { item_number: number }) => flip.item_number)).toEqual([8])
      const none = await test.call('GET', `${url}&page_size=0`)
      expect(none.body.flips).toMatchObject({ results: [], count: 4 })
    })

    it('with numbers are compared by their means, largest changes first', async () => {
      const test = await startTestRuns(plain(5), { engine, judge: { output: scale } })
      const first = await runWith(test, (number) => [1, 5, 9, 4, 2][number - 1])
      const second = await runWith(test, (number) => [2, 5, 3, 5, 8][number - 1], { samples: 2 })
      const { body } = await test.call('GET', `${runsPath}/${first}/comparison?with=${second}`)
      expect(body).toMatchObject({ is_comparable: true, options: null, cross_table: null, kappa: null })
      expect(body.numbers).toMatchObject({
        records: 5,
        first_mean: expect.closeTo(4.2, 10),
        second_mean: expect.closeTo(4.6, 10),
        difference: expect.closeTo(0.4, 10),
        mean_absolute_change: expect.closeTo(2.8, 10),
      })
      expect(body.flips.largest.map(({ change }: { change: number }) => change)).toEqual([-6, 6, 1, 1])
      expect(body.differences).toEqual([{ what: 'samples', first: '1', second: '2' }])
    })

    it('are compared while one is under way, and when the judge is deleted', async () => {
      const test = await startTestRuns(plain(3), { engine })
      const first = await runWith(test, () => 'approved')
      let goOn = (): void => {}
      const gate = new Promise<void>((resolve) => {
        goOn = resolve
      })
      test.model.script(async () => {
        await gate
        return saying('rejected')
      })
      const second = await test.begin()
      await expect.poll(() => test.model.requests.length).toBe(6)
      await test.call('DELETE', `${path}/${test.judgeId}`)
      const url = `${runsPath}/${first}/comparison?with=${second}`
      expect((await test.call('GET', url)).body).toMatchObject({
        records: { in_both: 3, answered_by_both: 0, answered_by_first_only: { pending: 3 } },
        flips: { count: 0, share: null, largest: [] },
        options: [{ first: { count: 0, share: null }, difference: null, p_value: 1 }, {}],
      })
      goOn()
      await test.until(second, 'completed')
      expect((await test.call('GET', url)).body).toMatchObject({ flips: { count: 3 } })
    })
  })
}

describe('runs that are not measured alike', () => {
  it('are counted and not compared', async () => {
    const test = await startTestRuns(plain(2))
    const first = await runWith(test, () => 'approved')
    const judge = await addJudge(test, { name: 'By numbers', output: scale })
    const second = await runWith(test, () => 5, { judge_id: judge.id })
    const url = `${runsPath}/${first}/comparison`
    const { status, body } = await test.call('GET', `${url}?with=${second}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      is_comparable: false,
      reason: 'the first answers with one of its options, the second with a number',
      records: { in_both: 2, answered_by_both: 2 },
      flips: null,
      options: null,
      cross_table: null,
      kappa: null,
      numbers: null,
    })
    expect(body.differences.map(({ what }: { what: string }) => what)).toContain('output')
    expect((await test.call('GET', `${url}/flips?with=${second}`)).body.detail).toEqual({
      message: `with: ${second} can't be compared with ${first}: the first answers with one of its options, the second with a number.`,
      error_code: 'VALIDATION_ERROR',
    })
  })
})

describe('a comparison is refused', () => {
  it('where it is of nothing that is there', async () => {
    const test = await startTestRuns(plain(1))
    const run = await runWith(test, () => 'approved')
    const nobody = '00000000-0000-7000-8000-000000000000'
    const otherKey = await test.keyOf('admin', 'research')
    for (const suffix of ['', '/flips']) {
      for (const [one, other] of [
        [run, nobody],
        [nobody, run],
      ]) {
        const { status, body } = await test.call(
          'GET',
          `${runsPath}/${one}/comparison${suffix}?with=${other}`,
        )
        expect(status).toBe(404)
        expect(body.detail).toEqual({
          message: `There is no run ${nobody} in this workspace.`,
          error_code: 'EVALUATION_RUN_NOT_FOUND',
        })
      }
      const url = `${runsPath}/${run}/comparison${suffix}`
      expect((await test.call('GET', `${url}?with=${nobody}`, { key: otherKey })).status).toBe(404)
      const itself = await test.call('GET', `${url}?with=${run.toUpperCase()}`)
      expect(itself.status).toBe(422)
      expect(itself.body.detail.message).toBe(`with: expected another run than ${run} itself.`)
    }
  })

  it.each([
    ['/x/comparison?with=ID', /run_id: expected a UUID/],
    ['/ID/comparison', /with: /],
    ['/ID/comparison?with=x', /with: expected a UUID/],
    ['/ID/comparison?with=ID&flips=101', /flips: expected one whole number from 0 to 100/],
    ['/ID/comparison?with=ID&flips=-1', /flips: expected one whole number from 0 to 100/],
    ['/ID/comparison/flips?with=ID&page=0', /page: expected one whole number from 1/],
    ['/ID/comparison/flips?with=ID&page_size=101', /page_size: expected one whole number from 0 to 100/],
  ])('where the request is %s', async (url, message) => {
    const test = await startTestRuns([])
    const answer = await test.call(
      'GET',
      runsPath + url.replaceAll('ID', '00000000-0000-7000-8000-000000000000'),
    )
    expect(answer.status).toBe(422)
    expect(answer.body.detail.message).toMatch(message)
  })
})
