import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { exampleJudges } from '../../src/judges/example-judges.ts'
import { type JudgesWorkplace, startJudgesWorkplace } from '../support/judges-workplace.ts'

const [answers, helpfulness] = exampleJudges('m')

describe.each(['local database', 'server'] as const)('assize judges, on a %s,', (where) => {
  async function pulled(): Promise<JudgesWorkplace> {
    const work = await startJudgesWorkplace(where)
    await work.save(answers)
    await work.save(helpfulness)
    expect(await work.judges('pull')).toMatchObject({ code: 0, stderr: '' })
    return work
  }

  it('pulls all judges once', async () => {
    const work = await startJudgesWorkplace(where)
    await work.save(answers)
    await work.save(helpfulness)
    expect(await work.judges('pull')).toEqual({
      code: 0,
      stderr: '',
      stdout: `wrote judges/answers-the-question.yaml (Answers the question)
wrote judges/helpfulness.yaml (Helpfulness)
2 written, 0 unchanged, in judges.
`,
    })
    const before = await work.read('helpfulness.yaml')
    expect(parse(before)).toMatchObject({
      name: 'Helpfulness',
      output: { type: 'REGRESSION', min: 1, max: 5 },
    })
    expect((await work.judges('pull')).stdout).toBe('0 written, 2 unchanged, in judges.\n')
    expect(await work.read('helpfulness.yaml')).toBe(before)
    expect((await work.judges('diff', '--exit-code')).code).toBe(0)
  })

  it('lists what is saved', async () => {
    const work = await pulled()
    const { stdout } = await work.judges('list')
    expect(stdout).toMatch(/^NAME .*\nAnswers the question +CLASSIFICATION +m +2026-\S+ +\S+\nHelpfulness /)
    const listed = JSON.parse((await work.judges('list', '--json')).stdout)
    expect(listed).toMatchObject([{ name: answers.name }, { name: helpfulness.name, model_name: 'm' }])
  })

  it('applies files, after which there is nothing to do, and remembers the chain', async () => {
    const work = await pulled()
    const first = await work.saved('Helpfulness')
    await work.edit('helpfulness.yaml', 'How helpful', 'How very helpful')
    await work.write('new.yaml', (await work.read('helpfulness.yaml')).replace('Helpfulness', 'Another one'))
    const plan = await work.judges('plan')
    expect(plan.code).toBe(0)
    expect(plan.stdout).toContain('1 to create, 1 to update, 0 to delete, 1 unchanged, 0 in conflict.')
    expect(plan.stdout).toMatch(/^update +Helpfulness +judges\/helpfulness\.yaml +instructions$/m)
    expect(await work.saved('Another one')).toBeUndefined()

    const applied = await work.judges('apply', '--yes')
    expect(applied).toMatchObject({ code: 0, stderr: '' })
    expect(applied.stdout).toContain('updated Helpfulness\ncreated Another one\n')
    const second = await work.saved('Helpfulness')
    expect(second?.revision).toMatchObject({
      downRevisionId: first?.revision.id,
      definition: { instructions: helpfulness.instructions.replace('How helpful', 'How very helpful') },
    })
    const [links = ''] = await readdir(join(work.dir, 'judges/.revisions'))
    expect(links).toBe(`${work.author.workspaceId}.yaml`)
    expect(parse(await work.read(`.revisions/${links}`)).judges['helpfulness.yaml']).toMatchObject({
      id: first?.id,
      revision: second?.revision.id,
      down_revision: first?.revision.id,
    })
    const again = await work.judges('apply', '--yes')
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toContain('0 to create, 0 to update, 0 to delete, 3 unchanged')
    expect((await work.saved('Helpfulness'))?.revision.id).toBe(second?.revision.id)
  })

  it('takes -0 for 0, as what is saved does', async () => {
    const work = await pulled()
    await work.edit('helpfulness.yaml', 'min: 1', 'min: -0')
    expect((await work.judges('apply', '--yes')).stdout).toContain('updated Helpfulness\n')
    expect((await work.judges('apply', '--yes')).stdout).toContain('0 to update')
  })

  it('keeps comments of files when it pulls, and changes of files that were not applied', async () => {
    const work = await pulled()
    await work.edit('helpfulness.yaml', 'name:', '# Ours.\nname:')
    await work.change('Helpfulness', { modelName: 'theirs' })
    expect((await work.judges('pull')).stdout).toContain('wrote judges/helpfulness.yaml (model_name)\n')
    expect(await work.read('helpfulness.yaml')).toMatch(
      /^# Ours\.\nname: Helpfulness\n[\s\S]*\nmodel_name: theirs\n/,
    )

    await work.edit('helpfulness.yaml', 'model_name: theirs', 'model_name: mine')
    const mine = await work.read('helpfulness.yaml')
    expect(await work.judges('pull')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('kept judges/helpfulness.yaml: it has changes that were not applied\n'),
    })
    await work.change('Helpfulness', { modelName: 'theirs again' })
    const kept = await work.judges('pull')
    expect(kept).toMatchObject({ code: 1, stdout: expect.stringContaining('its judge was changed too') })
    expect(await work.read('helpfulness.yaml')).toBe(mine)
    expect((await work.judges('plan')).code).toBe(1)
    const known = await work.judges('pull', '--keep')
    expect(known).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('changed too; apply will override it\n'),
    })
    expect(await work.read('helpfulness.yaml')).toBe(mine)
    expect((await work.judges('plan')).stdout).toContain('1 to update')
    await work.change('Helpfulness', { modelName: 'theirs at last' })
    expect(await work.judges('pull', '--force')).toMatchObject({ code: 0 })
    expect(parse(await work.read('helpfulness.yaml')).model_name).toBe('theirs at last')
  })

  it('refuses everything while one file would override what was saved meanwhile', async () => {
    const work = await pulled()
    await work.change('Helpfulness', { modelName: 'theirs' })
    await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: mine')
    await work.edit('answers-the-question.yaml', 'model_name: m', 'model_name: mine')
    const refused = await work.judges('apply', '--yes')
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(/^conflict +Helpfulness .*update refused: its judge was changed since/m)
    expect(refused.stderr).toContain('Nothing was changed, because of conflicts')
    expect((await work.judges('plan')).code).toBe(1)
    expect((await work.saved(answers.name))?.revision.definition.modelName).toBe('m')
    const one = await work.judges('apply', '--yes', '--judge', answers.name)
    expect(one).toMatchObject({ code: 0, stdout: expect.stringContaining('updated Answers the question\n') })
    const forced = await work.judges('apply', '--yes', '--force')
    expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('forced, though its judge was') })
    expect((await work.saved('Helpfulness'))?.revision.definition.modelName).toBe('mine')
  })

  it('renames a judge, whose id stays', async () => {
    const work = await pulled()
    const before = await work.saved('Helpfulness')
    await work.edit('helpfulness.yaml', 'name: Helpfulness', 'name: Kindness')
    expect((await work.judges('plan', '--prune')).stdout).toMatch(
      /^update +Kindness .* name \(was Helpfulness\)$/m,
    )
    expect((await work.judges('apply', '--yes', '--prune')).code).toBe(0)
    expect((await work.saved('Kindness'))?.id).toBe(before?.id)
    expect(await work.saved('Helpfulness')).toBeUndefined()
  })

  it('deletes judges and files only with --prune', async () => {
    const work = await pulled()
    const other = await work.save({ ...answers, name: 'Of others' })
    await rm(join(work.dir, 'judges/helpfulness.yaml'))
    const left = await work.judges('apply', '--yes')
    expect(left.stdout).toContain('Their files are gone, and --prune deletes them: Helpfulness\n')
    expect(left.stdout).toContain('Saved without a file, and left alone: Of others\n')
    expect(await work.saved('Helpfulness')).toBeDefined()
    expect((await work.judges('apply', '--yes', '--prune')).stdout).toContain('deleted Helpfulness\n')
    expect(await work.saved('Helpfulness')).toBeUndefined()
    expect((await work.saved('Of others'))?.id).toBe(other.id)

    const answered = await work.saved(answers.name)
    await work.assize.judges.remove(work.author, answered?.id ?? '')
    const kept = await work.judges('pull')
    expect(kept.stdout).toContain(
      'kept judges/answers-the-question.yaml: its judge was deleted; --prune deletes',
    )
    expect((await work.judges('plan')).stdout).toMatch(/^conflict .*create refused: its judge was deleted$/m)
    const links = `.revisions/${work.author.workspaceId}.yaml`
    const remembered = await work.read(links)
    expect((await work.judges('pull', '--keep')).stdout).toContain('deleted; apply will make it again\n')
    expect((await work.judges('plan')).stdout).toMatch(/^create +Answers the question/m)
    await work.write(links, remembered)
    expect((await work.judges('pull', '--prune')).stdout).toContain(
      'deleted judges/answers-the-question.yaml',
    )
    expect((await readdir(join(work.dir, 'judges'))).sort()).toEqual(['.revisions', 'of-others.yaml'])
  })

  it('takes the names of judges for names, and writes them where they belong', async () => {
    const work = await startJudgesWorkplace(where)
    await work.save({ ...answers, name: '../../outside' })
    await work.save({ ...answers, name: 'Out / side' })
    await work.save({ ...answers, name: 'out-side' })
    await work.save({ ...answers, name: '\u001b[31mred\u202e' })
    const { stdout } = await work.judges('pull')
    expect(stdout).toContain('wrote judges/31mred.yaml (\\u{1b}[31mred\\u{202e})\n')
    expect((await readdir(join(work.dir, 'judges'))).sort()).toEqual([
      '.revisions',
      '31mred.yaml',
      'out-side-2.yaml',
      'out-side.yaml',
      'outside.yaml',
    ])
    expect((await work.judges('diff', '--exit-code')).code).toBe(0)
  })

  it('applies the files of one place to another, and remembers both', async () => {
    const work = await pulled()
    const other = await startJudgesWorkplace(where)
    await cp(join(work.dir, 'judges'), join(other.dir, 'judges'), { recursive: true })
    const applied = await other.judges('apply', '--yes')
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('created Helpfulness\n') })
    const workspaceIds = [work.author.workspaceId, other.author.workspaceId]
    const remembered = (await readdir(join(other.dir, 'judges/.revisions'))).sort()
    expect(remembered).toEqual(workspaceIds.map((id) => `${id}.yaml`).sort())
    const before = await other.saved('Helpfulness')
    await other.edit('helpfulness.yaml', 'name: Helpfulness', 'name: Kindness')
    expect((await other.judges('apply', '--yes')).code).toBe(0)
    expect((await other.saved('Kindness'))?.id).toBe(before?.id)
  })

  it('finds judges by their names where it remembers nothing of them', async () => {
    const work = await pulled()
    await rm(join(work.dir, 'judges/.revisions'), { recursive: true })
    await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: mine')
    const { code, stdout } = await work.judges('plan')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^conflict +Helpfulness .*update refused: a judge of this name is saved/m)
    expect(stdout).toContain('1 unchanged, 1 in conflict.')
    expect((await work.judges('pull')).stdout).toMatch(
      /^kept judges\/helpfulness\.yaml: it differs from the saved/,
    )
    expect((await work.judges('plan', '--force')).code).toBe(0)
  })
})
