import { describe, expect, it } from 'vitest'
import type { Tool } from '../../src/judging/tool.ts'
import { ToolUnavailable } from '../../src/judging/tool.ts'
import { path } from '../support/test-assize.ts'
import { plain, runsPath, startTestRuns, type TestRuns } from '../support/test-runs.ts'

const unknownId = '019b2bd7-96e7-7219-8c0b-45a73da50088'

/** What a refusal says, without the ids of this test. */
function told(
  { status, body }: { status: number; body: { detail: { message: string; error_code: string | null } } },
  test: TestRuns,
): string {
  const { error_code: code, message } = body.detail
  return `${status} ${code}: ${message}`.replaceAll(test.datasetId, 'DATASET')
}

async function refusal(body: object, choices: Parameters<typeof startTestRuns>[1] = {}): Promise<string> {
  const test = await startTestRuns([{ topic: 'x' }], { isIdle: true, ...choices })
  const ofTest = JSON.parse(JSON.stringify(body).replaceAll('RECORD', test.recordIds[0] ?? ''))
  const answer = await test.create(ofTest)
  expect((await test.call('GET', runsPath)).body.runs.count).toBe(0)
  return told(answer, test)
}

describe('a run is refused', () => {
  it('for what is not there', async () => {
    expect(await refusal({ judge_id: unknownId })).toMatchInlineSnapshot(
      `"404 JUDGE_NOT_FOUND: There is no judge 019b2bd7-96e7-7219-8c0b-45a73da50088 in this workspace."`,
    )
    expect(await refusal({ dataset_id: unknownId })).toMatchInlineSnapshot(
      `"404 DATASET_NOT_FOUND: There is no dataset 019b2bd7-96e7-7219-8c0b-45a73da50088 in this workspace."`,
    )
    expect(await refusal({ record_ids: ['RECORD', unknownId] })).toMatchInlineSnapshot(
      `"404 DATASET_RECORD_NOT_FOUND: record_ids: there is no record 019b2bd7-96e7-7219-8c0b-45a73da50088 in this workspace. No run was created."`,
    )
  })

  it('for what it has to say', async () => {
    expect(await refusal({ dataset_id: null })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: dataset_id: expected either dataset_id or record_ids, found neither."`,
    )
    expect(await refusal({ dataset_id: unknownId, record_ids: ['RECORD'] })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: dataset_id: expected either dataset_id or record_ids, found both."`,
    )
    expect(await refusal({ record_ids: ['RECORD'], filter: { topic: 'x' } })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: filter: expected a filter beside a dataset_id alone, found record_ids."`,
    )
    expect(await refusal({ record_ids: [] })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: record_ids: expected at least one id, found an empty array."`,
    )
    expect(await refusal({ record_ids: ['x'] })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: record_ids[0]: expected a UUID, found "x"."`,
    )
    expect(await refusal({ judge_id: 'x' })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: judge_id: expected a UUID, found "x"."`,
    )
    expect(await refusal({ samples: 33 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: samples: expected a whole number from 1 to 32, found 33."`,
    )
    expect(await refusal({ samples: 1.5 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: samples: expected a whole number, found 1.5."`,
    )
    expect(await refusal({ concurrency: 0 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: concurrency: expected a whole number from 1 to 1000, found 0."`,
    )
    expect(await refusal({ priority: 'urgent' })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: priority: expected one of low, normal, high, found "urgent"."`,
    )
    expect(await refusal({ max_cost: 0 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: max_cost: expected a number over 0, found 0."`,
    )
    expect(await refusal({ max_tokens: 1.5 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: max_tokens: expected a whole number, found 1.5."`,
    )
    expect(await refusal({ name: '' })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: name: expected 1 to 200 characters, found ""."`,
    )
    expect(await refusal({ filter: { topic: { not: 'x' } } })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: filter.topic: expected text, a number, true, false, null, or a list of these, found an object."`,
    )
    expect(await refusal({ filter: { topic: [] } })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: filter: expected lists of 1 to 100 values, found another length."`,
    )
  })

  it('where nothing would be judged', async () => {
    expect(await refusal({ filter: { topic: 'y' } })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: filter: no record of dataset DATASET has these properties; expected at least one. A property equals a value of the same type alone."`,
    )
    const test = await startTestRuns([], { isIdle: true })
    expect(told(await test.create(), test)).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: dataset_id: dataset DATASET has no records; expected at least one."`,
    )
  })

  it('where nothing could be judged', async () => {
    expect(await refusal({}, { judge: { model_name: 'nobody' } })).toMatchInlineSnapshot(
      `"400 JUDGE_MISTRAL_API_ERROR: No provider serves "nobody"."`,
    )
    expect(await refusal({}, { judge: { model_name: 'panel/none' } })).toMatchInlineSnapshot(
      `"400 JUDGE_MISTRAL_API_ERROR: model_name: there is no panel "panel/none". This server has none: panels are set in the YAML file."`,
    )
    expect(await refusal({}, { judge: { tools: ['web_search'] } })).toMatchInlineSnapshot(
      `"400 FEATURE_NOT_SUPPORTED: tools: this server does not have "web_search"; it has no tools."`,
    )
    expect(await refusal({ max_cost: 1 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: max_cost: scripted/scripted has no price, so that nobody knows what a judgment costs. Add one under prices to the YAML file that ASSIZE_CONFIG names, as {models: ["scripted/scripted"], input_per_million: ..., output_per_million: ...}; or set max_tokens instead."`,
    )
    const panels = [
      { name: 'three', modelNames: ['scripted', 'other'], rule: { options: 'majority', numbers: 'mean' } },
    ] as const
    const prices = [{ modelPatterns: ['scripted/scripted'], inputPerMillion: 1, outputPerMillion: 1 }]
    expect(
      await refusal({ max_cost: 1 }, { judge: { model_name: 'panel/three' }, config: { panels, prices } }),
    ).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: max_cost: scripted/other has no price, so that nobody knows what a judgment costs. Add one under prices to the YAML file that ASSIZE_CONFIG names, as {models: ["scripted/other"], input_per_million: ..., output_per_million: ...}; or set max_tokens instead."`,
    )
  })

  it('not where a tool can only not be reached now', async () => {
    const tools = {
      open: (): Promise<readonly Tool[]> => Promise.reject(new ToolUnavailable('It is restarting.')),
      list: async () => [],
      async [Symbol.asyncDispose]() {},
    }
    const test = await startTestRuns(plain(1), { judge: { tools: ['web_search'] }, tools })
    const run = await test.until(await test.begin(), 'completed')
    expect(run.outcomes).toMatchObject({ tool_failed: 1 })
  })
})

describe('a change is refused', () => {
  it("of a run that is not there, or another one's", async () => {
    const test = await startTestRuns(plain(1), { isIdle: true })
    const own = await test.begin()
    const key = await test.keyOf('admin', 'research')
    for (const id of [unknownId, own]) {
      for (const [method, place] of [
        ['GET', ''],
        ['POST', '/cancel'],
        ['POST', '/resume'],
        ['POST', '/retry'],
        ['GET', '/judgments'],
        ['GET', '/judgments.jsonl'],
        ['GET', '/judgments.csv'],
        ['GET', '/events'],
        ['DELETE', ''],
      ] as const) {
        const answer = await test.call(method, `${runsPath}/${id}${place}`, { key })
        expect(answer, `${method} ${place}`).toMatchObject({ status: 404 })
        expect(answer.body.detail).toEqual({
          message: `There is no run ${id} in this workspace.`,
          error_code: 'EVALUATION_RUN_NOT_FOUND',
        })
      }
    }
    expect((await test.call('GET', runsPath, { key })).body.runs).toMatchObject({ results: [], count: 0 })
    expect((await test.show(own)).state).toBe('running')
  })

  it('where the state does not allow it', async () => {
    const test = await startTestRuns(plain(1), { isIdle: true })
    const id = await test.begin()
    const change = async (action: string, body?: object) => {
      const answer = await test.call('POST', `${runsPath}/${id}/${action}`, { body })
      return answer.status === 200 ? answer.body.state : told(answer, test).replaceAll(id, 'RUN')
    }
    expect(await change('resume')).toMatchInlineSnapshot(
      `"409 EVALUATION_RUN_TRANSITION_IS_INVALID: Run RUN is running; expected cancelled or capped or failed to resume it."`,
    )
    expect(await change('cancel')).toBe('cancelled')
    expect(await change('cancel')).toMatchInlineSnapshot(
      `"409 EVALUATION_RUN_TRANSITION_IS_INVALID: Run RUN is cancelled; expected running to cancel it."`,
    )
    expect(await change('resume', { max_cost: 1 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: max_cost: scripted/scripted has no price, so that nobody knows what a judgment costs. Add one under prices to the YAML file that ASSIZE_CONFIG names, as {models: ["scripted/scripted"], input_per_million: ..., output_per_million: ...}; or set max_tokens instead."`,
    )
    expect(await change('resume', { max_tokens: -1 })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: max_tokens: expected a whole number from 1, found -1."`,
    )
    expect(await change('retry', { outcomes: ['fine'] })).toMatchInlineSnapshot(
      `"422 VALIDATION_ERROR: outcomes[0]: expected one of "answered", "unreadable", "undecided", "truncated", "refused", "filtered", "context_overflow", "rate_limited", "timed_out", "provider_failed", "tool_failed", "invalid_request", found "fine"."`,
    )
    expect(await change('resume')).toBe('running')
    test.assize.runWorker.start()
    await test.until(id, 'completed')
    expect(await change('cancel')).toMatchInlineSnapshot(
      `"409 EVALUATION_RUN_TRANSITION_IS_INVALID: Run RUN is completed; expected running to cancel it."`,
    )
    expect(await change('resume')).toMatchInlineSnapshot(
      `"409 EVALUATION_RUN_TRANSITION_IS_INVALID: Run RUN is completed; expected cancelled or capped or failed to resume it."`,
    )
  })

  it('where nothing could be judged any more', async () => {
    const test = await startTestRuns(plain(1), { isIdle: true })
    const id = await test.begin()
    await test.call('POST', `${runsPath}/${id}/cancel`)
    await test.call('DELETE', `${path}/${test.judgeId}`)
    for (const action of ['resume', 'retry']) {
      expect(await test.call('POST', `${runsPath}/${id}/${action}`)).toMatchObject({
        status: 404,
        body: { detail: { error_code: 'JUDGE_NOT_FOUND' } },
      })
    }
    expect((await test.show(id)).state).toBe('cancelled')
  })
})

it('a list is refused for what it can not be narrowed to', async () => {
  const test = await startTestRuns([], { isIdle: true })
  const message = async (query: string) =>
    (await test.call('GET', `${runsPath}?${query}`)).body.detail.message
  expect(await message('state=done')).toMatchInlineSnapshot(
    `"state[0]: expected one of "running", "completed", "cancelled", "capped", "failed", found "done"."`,
  )
  expect(await message('judge_id=x')).toMatchInlineSnapshot(`"judge_id: expected a UUID, found "x"."`)
  expect(await message('page=0')).toMatchInlineSnapshot(
    `"page: expected one whole number from 1, found "0"."`,
  )
  expect((await test.call('GET', `${runsPath}/x`)).body.detail.message).toMatchInlineSnapshot(
    `"run_id: expected a UUID, found "x"."`,
  )
  expect(
    (await test.call('GET', `${runsPath}/${unknownId}/judgments?outcome=fine`)).body.detail.message,
  ).toMatchInlineSnapshot(
    `"outcome[0]: expected one of "answered", "unreadable", "undecided", "truncated", "refused", "filtered", "context_overflow", "rate_limited", "timed_out", "provider_failed", "tool_failed", "invalid_request", found "fine"."`,
  )
})
