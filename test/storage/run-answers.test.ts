import { describe, expect, it } from 'vitest'
import { createRunJudgments } from '../../src/runs/run-judgments.ts'
import { engines } from '../support/engines.ts'
import { addRun, createRunWorld, judgmentOfItem, type RunWorld } from './run-world.ts'

interface Stretch {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Counts the answers of a run that gave these. */
async function counted(world: RunWorld, answers: readonly (string | number)[]) {
  const run = await addRun(world)
  for (const [index, answer] of answers.entries()) {
    const item = { number: index + 1, recordId: world.recordIds[index] ?? '' }
    await world.judgments.insert(judgmentOfItem(world, run.id, item, { answer }))
  }
  const author = { workspaceId: world.workspaceId, ownerId: world.ownerId }
  const judgments = createRunJudgments(world.made, async () => {
    const found = await world.runs.find(world.workspaceId, run.id)
    if (found === undefined) throw new Error('The run is gone.')
    return found
  })
  return judgments.countAnswers(author, run.id)
}

const records = (count: number) => Array.from({ length: count }, () => ({}))

for (const engine of engines) {
  describe(`answers of a run on ${engine.name}`, () => {
    it('are counted by option, however many there are', async () => {
      const world = await createRunWorld(engine, records(60))
      const answers = Array.from({ length: 60 }, (_, index) => `option ${index % 30}`)
      const groups = await counted(world, answers)
      expect(groups).toHaveLength(30)
      expect(groups.every(({ count }) => count === 2)).toBe(true)
    })

    it('are counted by number where these are few', async () => {
      const world = await createRunWorld(engine, records(4))
      expect(await counted(world, [2, 10, 2, 0.5])).toEqual([
        { from: 0.5, to: 0.5, count: 1 },
        { from: 2, to: 2, count: 2 },
        { from: 10, to: 10, count: 1 },
      ])
    })

    it('are counted in twenty stretches where numbers are many, and none is lost', async () => {
      const world = await createRunWorld(engine, records(120))
      const answers = Array.from({ length: 120 }, (_, index) => ((index * 37) % 101) / 100)
      const stretches = (await counted(world, answers)) as Stretch[]
      expect(stretches).toHaveLength(20)
      expect(stretches[0]).toMatchObject({ from: 0 })
      expect(stretches.at(-1)).toMatchObject({ to: 1 })
      expect(stretches.reduce((sum, { count }) => sum + count, 0)).toBe(120)
      // A number on an edge may round to either side of it.
      const slack = 1e-9
      for (const { from, to, count } of stretches) {
        const surely = answers.filter((answer) => answer > from + slack && answer < to - slack).length
        const perhaps = answers.filter((answer) => answer >= from - slack && answer <= to + slack).length
        expect(count).toBeGreaterThanOrEqual(surely)
        expect(count).toBeLessThanOrEqual(perhaps)
      }
    })
  })
}
