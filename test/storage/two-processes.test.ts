import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { uuidv7 } from 'uuidv7'
import { describe, expect, onTestFinished, test } from 'vitest'
import { JudgeRows } from '../../src/storage/judge-rows.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { engines } from '../support/engines.ts'
import { addJudge, createSharedWorld, definition } from './world.ts'

const program = fileURLToPath(new URL('open-and-found.ts', import.meta.url))
const rounds = 3

for (const engine of engines) {
  describe(`two processes on ${engine.name}`, () => {
    test('start at once on an empty database, and one of them founds the server', async () => {
      for (let round = 0; round < rounds; round++) {
        const { location, drop } = await engine.createDatabase()
        onTestFinished(drop)
        const start = () => promisify(execFile)(process.execPath, [program, JSON.stringify(location)])
        const results = await Promise.all([start(), start()])
        expect(results.map(({ stdout }) => stdout).toSorted()).toEqual(['exists', 'founded'])
        expect(results.map(({ stderr }) => stderr)).toEqual(['', ''])
      }
    })

    test('follow the same revision, and one of them does', async () => {
      const { location, world } = await createSharedWorld(engine)
      await using other = await openDatabase(location)
      const stores = [world.judges, new JudgeRows(other)]
      const judge = await addJudge(world)
      let follows = judge.revisionId
      for (let round = 0; round < 10; round++) {
        const revisions = stores.map(() => ({
          ...judge,
          judgeId: judge.id,
          revisionId: uuidv7(),
          followsRevisionId: follows,
          definition: definition({ instructions: `Round ${round}`, modelName: `model ${round}` }),
        }))
        const results = await Promise.all(
          stores.map((store, index) => store.addRevision(revisions[index] as (typeof revisions)[number])),
        )
        expect(results.toSorted()).toEqual(['added', 'not_latest'])
        follows = revisions[results.indexOf('added')]?.revisionId ?? ''
      }
    })
  })
}
