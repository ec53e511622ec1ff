import { describe, expect, test } from 'vitest'
import { LessonRows } from '../../src/storage/lesson-rows.ts'
import { engines } from '../support/engines.ts'
import { createWorld, someTime } from './world.ts'

const later = new Date(someTime.getTime() + 1)

for (const engine of engines) {
  describe(`lessons on ${engine.name}`, () => {
    test('are found as they were kept, one for each model of each provider', async () => {
      const { database } = await createWorld(engine)
      const lessons = new LessonRows(database)
      expect(await lessons.list()).toEqual([])
      const kept = [
        { provider: 'mistral', modelName: 'small', lesson: '{"a": "é\\u0000"}', learntAt: someTime },
        { provider: 'mistral', modelName: 'large', lesson: '1', learntAt: someTime },
        { provider: 'openai', modelName: 'small', lesson: '2', learntAt: later },
      ]
      for (const lesson of kept) await lessons.keep(lesson)
      const found = [...(await lessons.list())].sort((one, other) => (one.lesson < other.lesson ? 1 : -1))
      expect(found).toEqual([...kept].sort((one, other) => (one.lesson < other.lesson ? 1 : -1)))
    })

    test('are replaced by later ones of the same model, at once too', async () => {
      const { database } = await createWorld(engine)
      const lessons = new LessonRows(database)
      const model = { provider: 'mistral', modelName: 'small' }
      await lessons.keep({ ...model, lesson: 'first', learntAt: someTime })
      await lessons.keep({ ...model, lesson: 'second', learntAt: later })
      expect(await lessons.list()).toEqual([{ ...model, lesson: 'second', learntAt: later }])
      const many = Array.from({ length: 8 }, (_, at) => ({ ...model, lesson: `${at}`, learntAt: later }))
      await Promise.all(many.map((lesson) => lessons.keep(lesson)))
      expect(await lessons.list()).toHaveLength(1)
    })
  })
}
