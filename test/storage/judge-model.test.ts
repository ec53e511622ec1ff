import fc from 'fast-check'
import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { Output } from '../../src/judges/definition.ts'
import type { JudgeQuery } from '../../src/judges/judge-store.ts'
import { engines } from '../support/engines.ts'
import { addWorkspace, createWorld, definition, newJudge, scale, someTime, type World } from './world.ts'

interface ModelJudge {
  readonly id: string
  readonly createdAtMs: number
  revisionIds: string[]
  name: string
  description: string
  modelName: string
  outputType: Output['type']
}

/** Few letters, so that texts are found, and all that could be mistaken for an operator. */
const letters = fc.constantFrom(
  'a',
  'B',
  'b',
  'É',
  'é',
  'ß',
  'σ',
  'ς',
  'Σ',
  '%',
  '_',
  '\\',
  '"',
  "'",
  '*',
  ' ',
  '👍',
)
const text = (maxLength: number) => fc.string({ unit: letters, maxLength })
const content = fc.record({
  name: text(6),
  description: text(8),
  modelName: fc.constantFrom('m1', 'm2', 'm3'),
  outputType: fc.constantFrom('CLASSIFICATION' as const, 'REGRESSION' as const),
})
type Content = typeof content extends fc.Arbitrary<infer Value> ? Value : never

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('insert' as const), content, minute: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revise' as const), content, which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat(9) }) },
)
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never

const query = fc.record({
  page: fc.integer({ min: 1, max: 3 }),
  pageSize: fc.integer({ min: 0, max: 5 }),
  text: text(4),
  outputTypes: fc.subarray(['CLASSIFICATION', 'REGRESSION'] as const),
  modelNames: fc.subarray(['m1', 'm2', 'none']),
})

function toDefinition({ name, description, modelName, outputType }: Content) {
  const output = outputType === 'REGRESSION' ? { output: scale } : {}
  return definition({ name, description, modelName, ...output })
}

async function apply(world: World, living: ModelJudge[], step: Operation): Promise<void> {
  const isTaken = (name: string, except?: ModelJudge) =>
    living.some((judge) => judge !== except && judge.name === name)
  if (step.kind === 'insert') {
    const createdAtMs = someTime.getTime() + step.minute * 60_000
    const judge = { ...newJudge(world, {}, new Date(createdAtMs)), definition: toDefinition(step.content) }
    const expected = isTaken(step.content.name) ? 'name_taken' : 'inserted'
    expect(await world.judges.insert(judge)).toBe(expected)
    if (expected === 'inserted') {
      living.push({ ...step.content, id: judge.id, createdAtMs, revisionIds: [judge.revisionId] })
    }
    return
  }
  const judge = living[step.which]
  if (judge === undefined) return
  const latest = judge.revisionIds.at(-1) ?? ''
  if (step.kind === 'remove') {
    expect(await world.judges.remove(world.workspaceId, judge.id, latest, someTime)).toBe('removed')
    living.splice(living.indexOf(judge), 1)
    return
  }
  const revisionId = uuidv7()
  const revision = {
    ...newJudge(world),
    judgeId: judge.id,
    revisionId,
    definition: toDefinition(step.content),
  }
  const expected = isTaken(step.content.name, judge) ? 'name_taken' : 'added'
  expect(await world.judges.addRevision({ ...revision, followsRevisionId: latest })).toBe(expected)
  if (expected === 'added')
    Object.assign(judge, step.content, { revisionIds: [...judge.revisionIds, revisionId] })
}

/** A sigma is the same letter wherever it stands. */
const fold = (value: string) => value.toLowerCase().replaceAll('ς', 'σ')

function expectedPage(living: readonly ModelJudge[], asked: JudgeQuery) {
  const isAnyOf = (values: readonly string[], value: string) => values.length === 0 || values.includes(value)
  const matches = living
    .filter(({ name, description }) =>
      [name, description].some((it) => fold(it).includes(fold(asked.text ?? ''))),
    )
    .filter(({ outputType }) => isAnyOf(asked.outputTypes, outputType))
    .filter(({ modelName }) => isAnyOf(asked.modelNames, modelName))
    .toSorted((one, other) => other.createdAtMs - one.createdAtMs || (one.id < other.id ? 1 : -1))
  const start = (asked.page - 1) * asked.pageSize
  return { ids: matches.slice(start, start + asked.pageSize).map(({ id }) => id), count: matches.length }
}

for (const engine of engines) {
  describe(`judges on ${engine.name}, after any operations`, () => {
    test('are listed, searched and counted like a plain array', { timeout: 60_000 }, async () => {
      const world = await createWorld(engine)
      let workspaces = 0
      const operations = fc.array(operation, { minLength: 5, maxLength: 14 })
      const queries = fc.array(query, { minLength: 4, maxLength: 8 })
      const property = fc.asyncProperty(operations, queries, async (steps, asked) => {
        workspaces++
        const ownWorld = { ...world, ...(await addWorkspace(world.keys, `workspace ${workspaces}`)) }
        const living: ModelJudge[] = []
        for (const step of steps) await apply(ownWorld, living, step)
        for (const one of asked) {
          const { items, count } = await world.judges.list(ownWorld.workspaceId, one)
          expect({ ids: items.map(({ id }) => id), count }).toEqual(expectedPage(living, one))
        }
        for (const judge of living) {
          const found = await world.judges.find(ownWorld.workspaceId, judge.id)
          expect(found?.judge.revision).toMatchObject({
            id: judge.revisionIds.at(-1),
            baseRevisionId: judge.revisionIds[0],
            downRevisionId: judge.revisionIds.at(-2) ?? null,
          })
        }
      })
      await fc.assert(property, { numRuns: 60 })
    })
  })
}
