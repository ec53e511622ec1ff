import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssizeError } from '../errors.ts'
import type { Definition } from './definition.ts'
import { digestOf } from './definition-digest.ts'
import { exampleJudges } from './example-judges.ts'
import { type JudgeFile, type JudgeLink, matchJudges, type SavedJudge } from './judge-match.ts'
import { type PlanChoices, type Planned, planJudges } from './judge-plan.ts'

const [example] = exampleJudges('m')

function define(name: string, description = ''): Definition {
  return { ...example, name, description }
}

function saved(id: string, revisionId: string, definition: Definition): SavedJudge {
  return { id, revisionId, downRevisionId: null, definition }
}

function link(path: string, { id, revisionId, definition }: SavedJudge): JudgeLink {
  const { name } = definition
  return { path, name, judgeId: id, revisionId, downRevisionId: null, digest: digestOf(definition) }
}

interface World {
  readonly files: readonly JudgeFile[]
  readonly judges: readonly SavedJudge[]
  readonly links: readonly JudgeLink[]
}

function plan({ files, judges, links }: World, choices: Partial<PlanChoices> = {}): readonly Planned[] {
  return planJudges(matchJudges(files, judges, links), { force: false, prune: false, ...choices })
}

/** A server that holds judges to what servers hold them to, and a folder that remembers. */
function carryOut(planned: readonly Planned[], world: World): World {
  const judges = new Map(world.judges.map((judge) => [judge.id, judge]))
  const links = new Map(world.links.map((one) => [one.judgeId, one]))
  const keep = (path: string, judge: SavedJudge) => {
    const others = [...judges.values()].filter(({ id }) => id !== judge.id)
    if (others.some(({ definition }) => definition.name === judge.definition.name))
      throw new Error('name taken')
    judges.set(judge.id, judge)
    for (const [id, one] of links) if (one.path === path) links.delete(id)
    links.set(judge.id, link(path, judge))
  }
  for (const [at, step] of planned.entries()) {
    if (step.action === 'conflict') throw new Error('conflict')
    if (step.action === 'create')
      keep(step.file.path, saved(`new-${at}`, `first-${at}`, step.file.definition))
    if (step.action === 'unchanged') keep(step.file.path, step.saved)
    if (step.action === 'update') {
      if (judges.get(step.saved.id)?.revisionId !== step.saved.revisionId) throw new Error('not latest')
      keep(step.file.path, saved(step.saved.id, `next-${at}`, step.file.definition))
    }
    if (step.action === 'delete') {
      judges.delete(step.saved.id)
      links.delete(step.saved.id)
    }
  }
  return { files: world.files, judges: [...judges.values()], links: [...links.values()] }
}

const names = fc.constantFrom('Judge A', 'Judge B', 'Judge C', 'Judge D')
const definitions = fc.tuple(names, fc.constantFrom('', 'x', 'y')).map(([name, text]) => define(name, text))
const paths = fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml', 'd.yaml')
const ids = fc.constantFrom('1', '2', '3', '4', '5')

const worlds: fc.Arbitrary<World> = fc.record({
  files: fc
    .uniqueArray(fc.record({ path: paths, definition: definitions }), { selector: ({ path }) => path })
    .map((files) => distinct(files, ({ definition }) => definition.name)),
  judges: fc
    .uniqueArray(fc.tuple(ids, fc.constantFrom('r1', 'r2'), definitions), { selector: ([id]) => id })
    .map((rows) => rows.map((row) => saved(...row)))
    .map((judges) => distinct(judges, ({ definition }) => definition.name)),
  links: fc
    .uniqueArray(fc.tuple(paths, ids, fc.constantFrom('r1', 'r2'), definitions), {
      selector: ([path]) => path,
    })
    .map((rows) => distinct(rows, ([, id]) => id))
    .map((rows) => rows.map(([path, ...judge]) => link(path, saved(...judge)))),
})

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()]
}

/** The plan, or undefined where names are exchanged or taken, which nothing can carry out. */
function possible(world: World, choices: PlanChoices): readonly Planned[] | undefined {
  try {
    const planned = plan(world, choices)
    return planned.some(({ action }) => action === 'conflict') ? undefined : planned
  } catch (error) {
    expect(error).toBeInstanceOf(AssizeError)
    expect((error as Error).message).toContain('exchange their names')
    return undefined
  }
}

describe('planJudges, whatever there is,', () => {
  it('leaves nothing to do once it was carried out', () => {
    let carriedOut = 0
    fc.assert(
      fc.property(worlds, fc.boolean(), fc.boolean(), (world, force, prune) => {
        const planned = possible(world, { force, prune })
        if (planned === undefined) return
        carriedOut += 1
        const after = carryOut(planned, world)
        expect(plan(after, { prune }).filter(({ action }) => action !== 'unchanged')).toEqual([])
        for (const { definition } of world.files) {
          expect(after.judges.map((judge) => judge.definition)).toContainEqual(definition)
        }
      }),
      { numRuns: 1000 },
    )
    expect(carriedOut).toBeGreaterThan(300)
  })

  it('says of each file once what becomes of it, and takes no judge for two', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { files } = matchJudges(world.files, world.judges, world.links)
        expect(files.map(({ file }) => file)).toEqual(world.files)
        const found = files.flatMap((matched) => matched.saved ?? [])
        expect(new Set(found).size).toBe(found.length)
      }),
    )
  })

  it('overrides nothing that was saved after what the folder remembers, unless it is forced to', () => {
    fc.assert(
      fc.property(worlds, fc.boolean(), (world, prune) => {
        for (const step of possible(world, { force: false, prune }) ?? []) {
          if (step.action !== 'update' && step.action !== 'delete') continue
          const known = world.links.find(({ judgeId }) => judgeId === step.saved.id)
          const isSameRevision = known?.revisionId === step.saved.revisionId
          expect(isSameRevision || known?.digest === digestOf(step.saved.definition)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('deletes nothing that never had a file here, and nothing at all unless it is asked to', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        expect(possible(world, { force: true, prune: false }) ?? []).not.toContainEqual(
          expect.objectContaining({ action: 'delete' }),
        )
        for (const step of possible(world, { force: true, prune: true }) ?? []) {
          if (step.action === 'delete')
            expect(world.links.map(({ judgeId }) => judgeId)).toContain(step.saved.id)
        }
      }),
    )
  })
})

const a = saved('1', 'r1', define('Judge A'))
const b = saved('2', 'r2', define('Judge B'))
const fileOf = (path: string, definition: Definition): JudgeFile => ({ path, definition })

describe('planJudges', () => {
  it('creates, updates, and says which fields change', () => {
    const files = [fileOf('a.yaml', define('Judge A', 'new')), fileOf('c.yaml', define('Judge C'))]
    expect(plan({ files, judges: [a, b], links: [link('a.yaml', a)] })).toEqual([
      { action: 'update', file: files[0], saved: a, fields: ['description'] },
      { action: 'create', file: files[1] },
    ])
  })

  it('knows a judge whose file was moved, and one whose name was changed', () => {
    const moved = fileOf('team/a.yaml', define('Judge A', 'new'))
    const renamed = fileOf('a.yaml', define('Judge A2'))
    expect(plan({ files: [moved], judges: [a], links: [link('a.yaml', a)] })).toMatchObject([
      { action: 'update', saved: a, fields: ['description'] },
    ])
    expect(plan({ files: [renamed], judges: [a], links: [link('a.yaml', a)] })).toMatchObject([
      { action: 'update', saved: a, fields: ['name'] },
    ])
  })

  it('takes files that were exchanged for moved ones', () => {
    const files = [fileOf('a.yaml', define('Judge B')), fileOf('b.yaml', define('Judge A'))]
    const planned = plan({ files, judges: [a, b], links: [link('a.yaml', a), link('b.yaml', b)] })
    expect(planned.map(({ action }) => action)).toEqual(['unchanged', 'unchanged'])
  })

  it('knows judges by their names where it remembers nothing, and overrides none that differs', () => {
    const files = [fileOf('a.yaml', define('Judge A')), fileOf('b.yaml', define('Judge B', 'mine'))]
    const world = { files, judges: [a, b], links: [] }
    expect(plan(world)).toMatchObject([
      { action: 'unchanged', saved: a },
      { action: 'conflict', reason: 'never_pulled', wanted: { action: 'update', saved: b } },
    ])
    expect(plan(world, { force: true })[1]).toMatchObject({ action: 'update', despite: 'never_pulled' })
  })

  it('refuses to override a later revision, but not one that says the same again', () => {
    const files = [fileOf('a.yaml', define('Judge A', 'mine'))]
    const links = [link('a.yaml', a)]
    const later = saved('1', 'r9', define('Judge A', 'theirs'))
    expect(plan({ files, judges: [later], links })).toMatchObject([
      { action: 'conflict', reason: 'changed_since' },
    ])
    const untouched = { files: [fileOf('a.yaml', define('Judge A'))], judges: [later], links }
    expect(plan(untouched)).toMatchObject([{ action: 'conflict', reason: 'file_outdated' }])
    const back = saved('1', 'r9', define('Judge A'))
    expect(plan({ files, judges: [back], links })).toMatchObject([{ action: 'update', saved: back }])
    const same = saved('1', 'r9', define('Judge A', 'mine'))
    expect(plan({ files, judges: [same], links })).toMatchObject([{ action: 'unchanged', saved: same }])
  })

  it('refuses to make a judge again that was deleted', () => {
    const world = { files: [fileOf('a.yaml', define('Judge A'))], judges: [b], links: [link('a.yaml', a)] }
    expect(plan(world)).toMatchObject([{ action: 'conflict', reason: 'deleted_since' }])
    expect(plan(world, { force: true })).toMatchObject([{ action: 'create', despite: 'deleted_since' }])
  })

  it('deletes a judge whose file is gone when it is asked to, unless it was changed', () => {
    const world = { files: [], judges: [a, b], links: [link('a.yaml', a)] }
    expect(plan(world)).toEqual([])
    expect(plan(world, { prune: true })).toEqual([{ action: 'delete', path: 'a.yaml', saved: a }])
    const changed = { ...world, judges: [saved('1', 'r9', define('Judge A', 'theirs'))] }
    expect(plan(changed, { prune: true })).toMatchObject([{ action: 'conflict', reason: 'changed_since' }])
  })

  it('gives no judge a name that another one keeps, not even when forced', () => {
    const world = { files: [fileOf('a.yaml', define('Judge B'))], judges: [a, b], links: [link('a.yaml', a)] }
    for (const force of [false, true]) {
      expect(plan(world, { force })).toMatchObject([{ action: 'conflict', reason: 'name_taken' }])
    }
  })

  it('frees a name before it is taken', () => {
    const files = [fileOf('a.yaml', define('Judge B')), fileOf('b.yaml', define('Judge C'))]
    // The folder remembers other names than those that were given since.
    const links = [
      { ...link('a.yaml', a), revisionId: 'r1' },
      { ...link('b.yaml', b), name: 'Judge Z' },
    ]
    const planned = plan({ files, judges: [a, b], links }, { force: true })
    expect(planned).toMatchObject([
      { action: 'update', saved: b, file: { path: 'b.yaml' } },
      { action: 'update', saved: a, file: { path: 'a.yaml' } },
    ])
  })

  it('refuses what has no order', () => {
    const files = [fileOf('a.yaml', define('Judge A')), fileOf('b.yaml', define('Judge B'))]
    const judges = [saved('1', 'r9', define('Judge B')), saved('2', 'r9', define('Judge A'))]
    const links = [link('a.yaml', a), link('b.yaml', b)]
    expect(() => plan({ files, judges, links }, { force: true })).toThrow(
      'The judges "Judge A", "Judge B" exchange their names',
    )
  })
})
