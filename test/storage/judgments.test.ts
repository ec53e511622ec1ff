import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import { AssizeError } from '../../src/errors.ts'
import { GroupCommit } from '../../src/storage/group-commit.ts'
import { engines } from '../support/engines.ts'
import { addJudge, addWorkspace, createWorld, judgmentOf } from './world.ts'

for (const engine of engines) {
  describe(`judgments on ${engine.name}`, () => {
    test('a judgment is found as it was stored, in its workspace', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const label = judgmentOf(judge, { answer: '0.5' })
      const number = judgmentOf(judge, { answer: 0.1 + 0.2, analysis: null, conversation: null })
      const failure = judgmentOf(judge, {
        outcome: 'rate_limited',
        answer: null,
        analysis: null,
        reason: 'The provider limits the rate.',
        account: { ...label.account, enforcement: null, attempts: 4, inputTokens: 0 },
      })
      for (const record of [label, number, failure]) {
        await world.judgments.insert(record)
        expect(await world.judgments.find(world.workspaceId, record.id)).toEqual(record)
      }
      const { workspaceId } = await addWorkspace(world.keys, 'second')
      expect(await world.judgments.find(workspaceId, label.id)).toBeUndefined()
    })

    test('U+0000 in what a model wrote is replaced', async () => {
      const world = await createWorld(engine)
      const record = judgmentOf(await addJudge(world), { answer: 'a\0b', analysis: 'a\0b' })
      await world.judgments.insert(record)
      expect(await world.judgments.find(world.workspaceId, record.id)).toEqual({
        ...record,
        analysis: 'a\ufffdb',
      })
    })

    test('a bad record fails alone among those that arrive with it', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const good = Array.from({ length: 500 }, () => judgmentOf(judge))
      const bad = [judgmentOf(judge, { judgeId: uuidv7() }), judgmentOf(judge, { id: good[0]?.id ?? '' })]
      const results = await Promise.allSettled(
        [...good.slice(0, 250), ...bad, ...good.slice(250)].map((record) => world.judgments.insert(record)),
      )
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2)
      for (const record of good)
        expect(await world.judgments.find(world.workspaceId, record.id)).toEqual(record)
    })
  })
}

describe('group commit', () => {
  test('writes what arrives in one turn, or during a write, as one batch', async () => {
    const batches: number[][] = []
    const commits = new GroupCommit<number>(async (items) => {
      batches.push([...items])
      await new Promise((resolve) => setTimeout(resolve, 20))
    }, 4)
    const first = [commits.add(1), commits.add(2)]
    await new Promise((resolve) => setTimeout(resolve, 5))
    const second = [3, 4, 5, 6, 7].map((item) => commits.add(item))
    expect(batches).toEqual([[1, 2]])
    await Promise.all([...first, ...second])
    expect(batches).toEqual([[1, 2], [3, 4, 5, 6], [7]])
    await commits.add(8)
    expect(batches.at(-1)).toEqual([8])
  })

  test('resolves nothing before the write is done', async () => {
    let isWritten = false
    const commits = new GroupCommit<number>(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      isWritten = true
    }, 4)
    await commits.add(1)
    expect(isWritten).toBe(true)
  })

  test('rejects a whole batch at once when the database is gone', async () => {
    let writes = 0
    const commits = new GroupCommit<number>(async () => {
      writes++
      throw new AssizeError('database_unavailable', 'gone')
    }, 10)
    const results = await Promise.allSettled([1, 2, 3].map((item) => commits.add(item)))
    expect([writes, results.map(({ status }) => status)]).toEqual([1, ['rejected', 'rejected', 'rejected']])
  })
})
