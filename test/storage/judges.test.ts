import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { NewJudge, NewRevision } from '../../src/judges/judge-store.ts'
import { engines } from '../support/engines.ts'
import {
  addJudge,
  addWorkspace,
  createWorld,
  definition,
  newJudge,
  scale,
  someTime,
  type World,
} from './world.ts'

const later = new Date('2026-03-02T08:00:00.123Z')

function revisionOf(judge: NewJudge, change: Partial<NewRevision> = {}): NewRevision {
  return {
    workspaceId: judge.workspaceId,
    judgeId: judge.id,
    ownerId: judge.ownerId,
    revisionId: uuidv7(),
    createdAt: later,
    definition: definition({ name: judge.definition.name, instructions: 'Other' }),
    followsRevisionId: judge.revisionId,
    ...change,
  }
}

const all = { page: 1, pageSize: 50, outputTypes: [], modelNames: [] } as const

async function names(world: World, query: Partial<Parameters<World['judges']['list']>[1]>) {
  const { items, count } = await world.judges.list(world.workspaceId, { ...all, ...query })
  return { names: items.map((judge) => judge.revision.definition.name), count }
}

for (const engine of engines) {
  describe(`judges on ${engine.name}`, () => {
    test('a judge is found as it was stored', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world, { output: scale, name: 'Ünïcode "quoted" \\ %_', tools: [] })
      expect(await world.judges.find(world.workspaceId, judge.id)).toEqual({
        isPinned: false,
        judge: {
          id: judge.id,
          workspaceId: world.workspaceId,
          ownerId: world.ownerId,
          createdAt: someTime,
          revision: {
            id: judge.revisionId,
            judgeId: judge.id,
            ownerId: world.ownerId,
            createdAt: someTime,
            definition: judge.definition,
            baseRevisionId: judge.revisionId,
            downRevisionId: null,
            upRevisionId: null,
          },
        },
      })
      expect(await world.judges.find(world.workspaceId, judge.id.toUpperCase())).toBeDefined()
      expect(await world.judges.find(world.workspaceId, uuidv7())).toBeUndefined()
    })

    test('a revision is found by its id, with its place in the chain', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const second = revisionOf(judge)
      const third = revisionOf(judge, { followsRevisionId: second.revisionId, ownerId: world.ownerId })
      expect(await world.judges.addRevision(second)).toBe('added')
      expect(await world.judges.addRevision(third)).toBe('added')
      const found = await world.judges.find(world.workspaceId, second.revisionId)
      expect(found).toMatchObject({
        isPinned: true,
        judge: {
          id: judge.id,
          createdAt: someTime,
          revision: {
            id: second.revisionId,
            createdAt: later,
            definition: second.definition,
            baseRevisionId: judge.revisionId,
            downRevisionId: judge.revisionId,
            upRevisionId: third.revisionId,
          },
        },
      })
      const latest = await world.judges.find(world.workspaceId, judge.id)
      expect(latest?.judge.revision).toMatchObject({
        id: third.revisionId,
        downRevisionId: second.revisionId,
      })
    })

    test('a revision is refused unless it follows the latest', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      expect(await world.judges.addRevision(revisionOf(judge))).toBe('added')
      expect(await world.judges.addRevision(revisionOf(judge))).toBe('not_latest')
      expect(await world.judges.addRevision(revisionOf(judge, { followsRevisionId: uuidv7() }))).toBe(
        'not_latest',
      )
      expect((await world.judges.listRevisions(world.workspaceId, judge.id, 1, 50)).count).toBe(2)
    })

    test('many revisions at once make a single unbroken chain', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      let added = 0
      const writers = Array.from({ length: 12 }, async (_, writer) => {
        for (let result = ''; result !== 'added'; ) {
          const found = await world.judges.find(world.workspaceId, judge.id)
          result = await world.judges.addRevision(
            revisionOf(judge, {
              followsRevisionId: found?.judge.revision.id ?? '',
              definition: definition({ instructions: `By ${writer}` }),
            }),
          )
        }
        added++
      })
      await Promise.all(writers)
      const { items, count } = await world.judges.listRevisions(world.workspaceId, judge.id, 1, 50)
      expect([added, count, items.length]).toEqual([12, 13, 13])
      items.forEach((revision, index) => {
        expect(revision.upRevisionId).toBe(items[index - 1]?.id ?? null)
        expect(revision.downRevisionId).toBe(items[index + 1]?.id ?? null)
      })
      expect(items.at(-1)?.id).toBe(judge.revisionId)
    })

    test('a name is unique among the living judges of a workspace', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world, { name: 'Taken' })
      const other = await addJudge(world, { name: 'Other' })
      expect(await world.judges.insert(newJudge(world, { name: 'Taken' }))).toBe('name_taken')
      const renamed = { definition: definition({ name: 'Taken' }) }
      expect(await world.judges.addRevision(revisionOf(other, renamed))).toBe('name_taken')
      expect(await world.judges.addRevision(revisionOf(judge, renamed))).toBe('added')
      expect(await names(world, {})).toMatchObject({ count: 2 })
      const { workspaceId, ownerId } = await addWorkspace(world.keys, 'second')
      expect(await world.judges.insert({ ...newJudge(world, { name: 'Taken' }), workspaceId, ownerId })).toBe(
        'inserted',
      )
      expect(await world.judges.remove(world.workspaceId, other.id, other.revisionId, later)).toBe('removed')
      expect(await world.judges.insert(newJudge(world, { name: 'Other' }))).toBe('inserted')
    })

    test('one of many inserts of the same name at once succeeds', async () => {
      const world = await createWorld(engine)
      const results = await Promise.all(
        Array.from({ length: 10 }, () => world.judges.insert(newJudge(world))),
      )
      expect(results.filter((result) => result === 'inserted')).toHaveLength(1)
      expect(await names(world, {})).toEqual({ names: ['Helpfulness'], count: 1 })
    })

    test('judges that swap their names at once never fail', async () => {
      const world = await createWorld(engine)
      for (let round = 0; round < 3; round++) {
        const one = await addJudge(world, { name: `One ${round}` })
        const two = await addJudge(world, { name: `Two ${round}` })
        const results = await Promise.all([
          world.judges.addRevision(revisionOf(one, { definition: definition({ name: `Two ${round}` }) })),
          world.judges.addRevision(revisionOf(two, { definition: definition({ name: `One ${round}` }) })),
        ])
        for (const result of results) expect(['added', 'name_taken']).toContain(result)
      }
    })

    test('a removed judge is found nowhere', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      expect(await world.judges.remove(world.workspaceId, judge.id, uuidv7(), later)).toBe('not_latest')
      expect(await world.judges.remove(world.workspaceId, judge.id, judge.revisionId, later)).toBe('removed')
      expect(await world.judges.remove(world.workspaceId, judge.id, judge.revisionId, later)).toBe(
        'not_latest',
      )
      expect(await world.judges.find(world.workspaceId, judge.id)).toBeUndefined()
      expect(await world.judges.find(world.workspaceId, judge.revisionId)).toBeUndefined()
      expect(await world.judges.addRevision(revisionOf(judge))).toBe('not_latest')
      expect(await names(world, {})).toEqual({ names: [], count: 0 })
      expect(await names(world, { text: 'help' })).toEqual({ names: [], count: 0 })
      expect(await world.judges.listRevisions(world.workspaceId, judge.id, 1, 50)).toEqual({
        items: [],
        count: 0,
      })
    })

    test('revisions are listed newest first, in pages', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const ids = [judge.revisionId]
      for (let number = 2; number <= 5; number++) {
        const revision = revisionOf(judge, { followsRevisionId: ids.at(-1) ?? '' })
        await world.judges.addRevision(revision)
        ids.push(revision.revisionId)
      }
      const pageOf = async (page: number, pageSize: number) => {
        const { items, count } = await world.judges.listRevisions(world.workspaceId, judge.id, page, pageSize)
        expect(count).toBe(5)
        return items.map((revision) => ids.indexOf(revision.id) + 1)
      }
      expect(await pageOf(1, 2)).toEqual([5, 4])
      expect(await pageOf(3, 2)).toEqual([1])
      expect(await pageOf(4, 2)).toEqual([])
      expect(await pageOf(1, 0)).toEqual([])
    })

    test('a workspace sees and changes nothing of another', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const { workspaceId } = await addWorkspace(world.keys, 'second')
      expect(await world.judges.find(workspaceId, judge.id)).toBeUndefined()
      expect(await world.judges.find(workspaceId, judge.revisionId)).toBeUndefined()
      expect(await world.judges.list(workspaceId, all)).toEqual({ items: [], count: 0 })
      expect(await world.judges.list(workspaceId, { ...all, text: 'helpfulness' })).toEqual({
        items: [],
        count: 0,
      })
      expect(await world.judges.listRevisions(workspaceId, judge.id, 1, 50)).toEqual({ items: [], count: 0 })
      expect(await world.judges.addRevision(revisionOf(judge, { workspaceId }))).toBe('not_latest')
      expect(await world.judges.remove(workspaceId, judge.id, judge.revisionId, later)).toBe('not_latest')
      expect(await names(world, {})).toMatchObject({ count: 1 })
    })
  })
}
