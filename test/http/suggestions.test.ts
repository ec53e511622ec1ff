import { describe, expect, it } from 'vitest'
import { suggestionText } from '../../src/cli/suggest-output.ts'
import type { ModelRequest } from '../../src/judging/model.ts'
import { startTestRuns } from '../support/test-runs.ts'

const answering = (answer: string, analysis = 'as scripted') => ({
  text: JSON.stringify({ analysis, answer }),
})
const promptOf = ({ messages }: ModelRequest): string => messages.map(({ content }) => content).join('\n')
const numberIn = (request: ModelRequest): number => Number(/Question (\d+)/.exec(promptOf(request))?.[1])
const better = 'Approve what has an even number.'

/** Forty records, of which people approve the even ones; the judge approves all, and learns it where it is told. */
async function startRun(proposal = better) {
  const properties = Array.from({ length: 40 }, (_, at) => ({
    human: (at + 1) % 2 === 0 ? 'approved' : 'rejected',
  }))
  const test = await startTestRuns(properties)
  const proposals: ModelRequest[] = []
  test.model.script(async (request) => {
    if (promptOf(request).includes('You improve the instructions of a judge')) {
      proposals.push(request)
      return answering('proposed', proposal)
    }
    const isTold = promptOf(request).includes(better)
    return answering(!isTold || numberIn(request) % 2 === 0 ? 'approved' : 'rejected')
  })
  const run = await test.begin()
  await test.until(run, 'completed')
  const { workspaceId } = await test.assize.keys.authenticate(test.key)
  const suggest = (field = 'human') =>
    test.assize.suggestions.suggest({ workspaceId, ownerId: workspaceId }, run, {
      field,
      concurrency: 4,
      stop: new AbortController().signal,
    })
  return { test, proposals, suggest }
}

describe('a suggestion', () => {
  it('is made from one half of the labels and measured on the other, and saves nothing', async () => {
    const { test, proposals, suggest } = await startRun()
    const suggestion = await suggest()
    const { comparison } = suggestion
    expect(suggestion).toMatchObject({ instructions: better, training: 20, modelName: 'scripted' })
    if (comparison.type !== 'CLASSIFICATION') throw new Error('expected options')
    expect(comparison).toMatchObject({ records: 20, answeredByBoth: 20, right: { after: 20 } })
    const wrongBefore = 20 - comparison.right.before
    expect(comparison.difference?.difference).toBeCloseTo(wrongBefore / 20, 12)
    expect(comparison.difference?.low).toBeGreaterThan(0)
    expect(suggestion.shown).toBe(20 - wrongBefore)
    expect(proposals).toHaveLength(1)
    const shown = promptOf(proposals[0] as ModelRequest)
    expect(shown.match(/People say: "rejected"/g)).toHaveLength(suggestion.shown)
    const { body } = await test.call('GET', `/v1/observability/judges/${test.judgeId}/revisions`)
    expect(body.revisions.count).toBe(1)
    const text = suggestionText(suggestion)
    expect(text).toContain(better)
    expect(text).toContain(`${comparison.right.before} right before, 20 after, of 20`)
  })

  it('shows the model nothing of the records that it is measured on', async () => {
    const { test, proposals, suggest } = await startRun()
    await suggest()
    const shown = new Set(
      [...promptOf(proposals[0] as ModelRequest).matchAll(/Question (\d+)/g)].map(([, number]) => number),
    )
    const told = test.model.requests.filter((request) => promptOf(request).includes(better))
    expect(told).toHaveLength(20)
    for (const request of told) expect(shown).not.toContain(String(numberIn(request)))
  })

  it.each([
    ['{% if %}', /can't be used: .*line 1/],
    ['   ', /it is empty/],
    ['x'.repeat(10_001), /more than 10000 characters/],
  ])('that can not be used is refused: %#', async (proposal, message) => {
    const { suggest } = await startRun(proposal)
    await expect(suggest()).rejects.toThrow(message)
  })

  it('needs labels', async () => {
    const { suggest } = await startRun()
    await expect(suggest('nothing')).rejects.toThrow(
      /0 answered records of the run are labelled; expected 20/,
    )
  })
})
