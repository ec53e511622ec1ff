import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { JudgeQuery } from '../../src/judges/judge-store.ts'
import { engines } from '../support/engines.ts'
import { addJudge, createWorld, definition, scale, type World } from './world.ts'

async function list(world: World, query: Partial<JudgeQuery>) {
  const all = { page: 1, pageSize: 50, outputTypes: [], modelNames: [] }
  const { items, count } = await world.judges.list(world.workspaceId, { ...all, ...query })
  return { names: items.map((judge) => judge.revision.definition.name), count }
}

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))

for (const engine of engines) {
  describe(`the list of judges on ${engine.name}`, () => {
    test('is newest first, ties by id, in pages that know their count', async () => {
      const world = await createWorld(engine)
      await addJudge(world, { name: 'third' }, at(1))
      await addJudge(world, { name: 'second' }, at(1))
      await addJudge(world, { name: 'first' }, at(2))
      await addJudge(world, { name: 'fourth' }, at(0))
      expect(await list(world, {})).toEqual({ names: ['first', 'second', 'third', 'fourth'], count: 4 })
      expect(await list(world, { pageSize: 3, page: 2 })).toEqual({ names: ['fourth'], count: 4 })
      expect(await list(world, { pageSize: 3, page: 3 })).toEqual({ names: [], count: 4 })
      expect(await list(world, { pageSize: 0 })).toEqual({ names: [], count: 4 })
      expect(await list(world, { pageSize: 0, text: 'fourth' })).toEqual({ names: [], count: 1 })
    })

    test('is narrowed by types and models', async () => {
      const world = await createWorld(engine)
      await addJudge(world, { name: 'label a', modelName: 'a' }, at(1))
      await addJudge(world, { name: 'label b', modelName: 'b' }, at(2))
      await addJudge(world, { name: 'scale a', modelName: 'a', output: scale }, at(3))
      await addJudge(world, { name: 'scale c', modelName: 'c', output: scale }, at(4))
      const both = ['CLASSIFICATION', 'REGRESSION'] as const
      expect(await list(world, { outputTypes: ['REGRESSION'] })).toEqual({
        names: ['scale c', 'scale a'],
        count: 2,
      })
      expect(await list(world, { outputTypes: both })).toMatchObject({ count: 4 })
      expect(await list(world, { modelNames: ['a', 'b', 'b'] })).toEqual({
        names: ['scale a', 'label b', 'label a'],
        count: 3,
      })
      expect(await list(world, { modelNames: ['a', 'b'], pageSize: 1, page: 2 })).toEqual({
        names: ['label b'],
        count: 3,
      })
      expect(await list(world, { modelNames: ['a', 'none'], outputTypes: ['CLASSIFICATION'] })).toEqual({
        names: ['label a'],
        count: 1,
      })
      const many = Array.from({ length: 300 }, (_, index) => `model ${index}`)
      expect(await list(world, { modelNames: [...many, 'c'] })).toEqual({ names: ['scale c'], count: 1 })
      expect(await list(world, { modelNames: ['a'], text: 'SCALE' })).toEqual({
        names: ['scale a'],
        count: 1,
      })
    })

    test.each([
      ['whatever the case', 'STRASSE 100', ['Straße 100', 'strasse 100'], ['strasse 100']],
      ['in any script', 'ПРИВЕТ', ['привет мир', 'Hello there'], ['привет мир']],
      [
        'with a sigma at the end of a word or within',
        'ΟΔΟΣ',
        ['η οδός μου', 'ΟΔΟΣΑ', 'οδος'],
        ['ΟΔΟΣΑ', 'οδος'],
      ],
      ['with a percent sign', '50%', ['above 50%', 'above 500'], ['above 50%']],
      ['with an underscore', 'a_b', ['is a_b in', 'is axb in'], ['is a_b in']],
      ['with a backslash', 'a\\b', ['is a\\b in', 'is a\\\\b', 'is ab in'], ['is a\\b in']],
      ['with quotes', `"it's"`, [`say "it's"`, `say it's it`], [`say "it's"`]],
      ['with words that FTS5 knows', 'a AND b*', ['a and b* c', 'a b c d'], ['a and b* c']],
      ['of punctuation alone', '%_%', ['x %_% y', 'x %__ y'], ['x %_% y']],
      ['of two characters', 'ÉÀ', ['déàl it', 'dea lit'], ['déàl it']],
      ['of one character', '%', ['all 5% of', 'all 5 of'], ['all 5% of']],
      ['of two emoji', '👍🏽', ['good 👍🏽 yes', 'good 👍 yes'], ['good 👍🏽 yes']],
      ['of U+0000', 'a\0b', ['a b'], []],
      ['of half an emoji', '\ud83d\ud83d', ['good 👍'], []],
      ['of spaces', '   ', ['a   b   c', 'a  b  c'], ['a   b   c']],
    ])('finds a text %s', async (_, text, names, expected) => {
      const world = await createWorld(engine)
      for (const name of names) await addJudge(world, { name, description: '' })
      expect((await list(world, { text })).names.toSorted()).toEqual(expected.toSorted())
    })

    test('finds a few among many that are alike', async () => {
      const world = await createWorld(engine)
      const numbers = Array.from({ length: 600 }, (_, number) => number)
      await Promise.all(
        numbers.map((number) =>
          addJudge(world, { name: `judge ${number}`, description: 'Quotes "jazz" & zinc.' }),
        ),
      )
      expect(await list(world, { text: 'JUDGE 599' })).toEqual({ names: ['judge 599'], count: 1 })
      expect(await list(world, { text: 'quotes "jazz" & zinc.' })).toMatchObject({ count: 600 })
      expect(await list(world, { text: 'jazz" & zinc. ' })).toMatchObject({ count: 0 })
      expect(await list(world, { text: 'zinc "jazz"' })).toMatchObject({ count: 0 })
      expect((await list(world, { page: 12, text: 'jazz' })).names).toHaveLength(50)
    })

    test('looks in name and description, but not across them', async () => {
      const world = await createWorld(engine)
      await addJudge(world, { name: 'apple', description: 'pear' })
      for (const text of ['APPLE', 'pear', 'pp', 'ea'])
        expect(await list(world, { text })).toMatchObject({ count: 1 })
      for (const text of ['applepear', 'lep', 'ep'])
        expect(await list(world, { text })).toMatchObject({ count: 0 })
      expect(await list(world, { text: '' })).toMatchObject({ count: 1 })
    })

    test('finds what the latest revision says, and nothing before it', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world, { name: 'before', description: 'first words' })
      await world.judges.addRevision({
        ...judge,
        judgeId: judge.id,
        revisionId: uuidv7(),
        definition: definition({
          name: 'after',
          description: 'second words',
          modelName: 'other',
          output: scale,
        }),
        followsRevisionId: judge.revisionId,
      })
      expect(await list(world, { text: 'first' })).toMatchObject({ count: 0 })
      expect(await list(world, { text: 'second' })).toEqual({ names: ['after'], count: 1 })
      expect(await list(world, { modelNames: ['mistral-small-latest'] })).toEqual({ names: [], count: 0 })
      expect(await list(world, { modelNames: ['other'], outputTypes: ['REGRESSION'] })).toMatchObject({
        count: 1,
      })
    })
  })
}
