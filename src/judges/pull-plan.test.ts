import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Definition } from './definition.ts'
import { digestOf } from './definition-digest.ts'
import { exampleJudges } from './example-judges.ts'
import { type JudgeFile, type JudgeLink, matchJudges, type SavedJudge } from './judge-match.ts'
import { planPull } from './pull-plan.ts'

const [example] = exampleJudges('m')
const define = (description: string): Definition => ({ ...example, description })

const base = judge('r1', define('base'))
const known: JudgeLink = {
  path: 'a.yaml',
  name: example.name,
  judgeId: base.id,
  revisionId: 'r1',
  downRevisionId: null,
  digest: digestOf(base.definition),
}

function judge(revisionId: string, definition: Definition): SavedJudge {
  return { id: '1', revisionId, downRevisionId: null, definition }
}

interface World {
  readonly file?: Definition
  readonly saved?: SavedJudge
  readonly link?: JudgeLink
}

function pull({ file, saved, link }: World, force = false) {
  const files: readonly JudgeFile[] = file ? [{ path: 'a.yaml', definition: file }] : []
  return planPull(matchJudges(files, saved ? [saved] : [], link ? [link] : []), force)
}

describe('planPull', () => {
  it('writes what has no file, where it had one', () => {
    expect(pull({ saved: base })).toEqual([{ action: 'write', saved: base, path: undefined }])
    expect(pull({ saved: base, link: known })).toEqual([{ action: 'write', saved: base, path: 'a.yaml' }])
  })

  it('takes over what was saved into a file that was not touched', () => {
    const saved = judge('r2', define('theirs'))
    expect(pull({ file: define('base'), saved, link: known })).toMatchObject([
      { action: 'rewrite', saved, fields: ['description'] },
    ])
  })

  it.each([
    ['edited', { saved: base, link: known }],
    ['edited_both', { saved: judge('r2', define('theirs')), link: known }],
    ['never_pulled', { saved: judge('r2', define('theirs')) }],
  ])('keeps a file that is %s, unless it is forced', (reason, world) => {
    const file = define('mine')
    expect(pull({ ...world, file })).toMatchObject([{ action: 'keep', reason }])
    expect(pull({ ...world, file }, true)).toMatchObject([{ action: 'rewrite', saved: world.saved }])
  })

  it('tells which files are of judges that are gone', () => {
    expect(pull({ file: define('base'), link: known })).toMatchObject([{ action: 'gone', isEdited: false }])
    expect(pull({ file: define('mine'), link: known })).toMatchObject([{ action: 'gone', isEdited: true }])
    expect(pull({ file: define('mine') })).toEqual([])
  })

  it('never overwrites a file that is not as it was remembered', () => {
    const texts = fc.constantFrom('base', 'mine', 'theirs')
    fc.assert(
      fc.property(
        texts,
        texts,
        fc.constantFrom('r1', 'r2'),
        fc.boolean(),
        (mine, theirs, revision, isLinked) => {
          const world = {
            file: define(mine),
            saved: judge(revision, define(theirs)),
            ...(isLinked && { link: known }),
          }
          const [step] = pull(world)
          if (step?.action === 'rewrite') expect([mine, isLinked]).toEqual(['base', true])
          else expect(step?.action).toBe(mine === theirs ? 'same' : 'keep')
        },
      ),
    )
  })
})
