import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleJudges } from '../../src/judges/example-judges.ts'
import { type JudgesWorkplace, startJudgesWorkplace } from '../support/judges-workplace.ts'

const [answers, helpfulness] = exampleJudges('m')

async function pulled(where: 'local database' | 'server' = 'local database'): Promise<JudgesWorkplace> {
  const work = await startJudgesWorkplace(where)
  await work.save(answers)
  await work.save(helpfulness)
  expect(await work.judges('pull')).toMatchObject({ code: 0, stderr: '' })
  return work
}

describe('assize judges', () => {
  it('reads every file before it changes anything, and names each fault', async () => {
    const work = await pulled()
    await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: mine')
    await mkdir(join(work.dir, 'judges/team'))
    await work.write('team/a.yaml', 'name: Four\ndescription: [\n')
    await work.write('team/b.yaml', (await work.read('helpfulness.yaml')).replace('min: 1', 'min: 9'))
    await work.write(
      'team/c.yaml',
      'name: Broken\ndescription: ""\ntools: []\noutput:\n  options:\n    - value: ""\n      description: x\ninstructions: |\n  One\n  {% if %}\n',
    )
    await work.write(
      'team/d.yml',
      'name: Broken\ndescription: ""\nmodel_name: m\ntools: []\noutput: {options: [{value: x, description: y}]}\ninstructions: |\n  One\n  {% if %}\n',
    )
    await work.write('team/e.yaml', await work.read('helpfulness.yaml'))
    await work.write('team/notes.txt', 'No judge.')
    await symlink('/etc/passwd', join(work.dir, 'judges/team/f.yaml'))
    await symlink('/etc/passwd', join(work.dir, 'judges/team/f.txt'))
    await symlink('/etc', join(work.dir, 'judges/team/g'))
    for (const action of ['diff', 'plan', 'apply', 'pull']) {
      const { code, stdout, stderr } = await work.judges(action, ...(action === 'apply' ? ['--yes'] : []))
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr.split('\n')).toEqual([
        expect.stringMatching(/^judges\/team\/a\.yaml:\d: Flow sequence in block collection must be/),
        'judges/team/b.yaml:8: output.max: expected a number over min, which is 9, found 5.',
        'judges/team/c.yaml:1: model_name: expected string, found nothing.',
        'judges/team/c.yaml:6: output.options[0].value: expected 1 to 500 characters.',
        expect.stringMatching(/^judges\/team\/d\.yml:8: instructions: line 2: /),
        'judges/team/f.yaml: expected a file or a folder, found something else, such as a symbolic link.',
        'judges/team/g: expected a file or a folder, found something else, such as a symbolic link.',
        'judges/team/e.yaml: name: judges/helpfulness.yaml has the judge "Helpfulness" too; expected one file a judge.',
        '',
      ])
    }
    expect((await work.saved('Helpfulness'))?.revision.definition.modelName).toBe('m')
  })

  it('shows differences by field and line', async () => {
    const work = await pulled()
    await work.edit('helpfulness.yaml', 'max: 5', 'max: 9')
    await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: "m\\eM"')
    await work.edit('answers-the-question.yaml', 'The user asked:', 'The user asks:')
    await work.write('new.yaml', (await work.read('helpfulness.yaml')).replace('Helpfulness', 'Another'))
    const { code, stdout } = await work.judges('diff', '--exit-code')
    expect(code).toBe(1)
    expect(stdout.split('--- not saved\n')[0]).toBe(`--- saved "Answers the question"
+++ judges/answers-the-question.yaml
@@ instructions, line 1 @@
 ${answers.instructions.split('\n')[0]}
 
-The user asked:
+The user asks:
 {{ user_message }}
 
 The response:
--- saved "Helpfulness"
+++ judges/helpfulness.yaml
@@ model_name @@
-m
+m\\u{1b}M
@@ output @@
 type: REGRESSION
 min: 1
 min_description: Of no use to the user.
-max: 5
+max: 9
 max_description: Everything the user needs, and nothing that misleads.
`)
    expect(stdout).toContain('--- not saved\n+++ judges/new.yaml\n@@ name @@\n+Another\n')
    expect((await work.judges('diff')).code).toBe(0)
    const one = await work.judges('diff', '--judge', 'Helpfulness')
    expect(one.stdout).not.toContain('answers')
  })

  it('tells programs what it would do, and warns of what is likely wrong', async () => {
    const work = await pulled()
    const before = await work.saved('Helpfulness')
    await work.edit('helpfulness.yaml', 'name:', 'x-team: support\nmim: 3\nname:')
    await work.edit('helpfulness.yaml', 'How helpful', 'How {{ very }} helpful')
    await work.edit('helpfulness.yaml', 'min: 1', 'min: 1\n  mean: 3')
    const plan = JSON.parse((await work.judges('plan', '--json')).stdout)
    expect(plan).toEqual({
      workspace_id: work.author.workspaceId,
      counts: { create: 0, update: 1, delete: 0, unchanged: 1, conflict: 0 },
      judges: [
        expect.objectContaining({ action: 'unchanged', name: answers.name, fields: [], warnings: [] }),
        {
          action: 'update',
          name: 'Helpfulness',
          file: 'judges/helpfulness.yaml',
          id: before?.id,
          revision: before?.revision.id,
          wanted: null,
          reason: null,
          fields: ['instructions'],
          warnings: [
            expect.objectContaining({ line: 2, code: 'unknown_field' }),
            expect.objectContaining({ line: 9, code: 'unknown_field', severity: 'warning' }),
            expect.objectContaining({ line: 14, code: 'unknown_variable' }),
          ],
        },
      ],
      without_file: [],
    })
    const { stdout } = await work.judges('plan')
    expect(stdout).toContain(
      'judges/helpfulness.yaml:2: warning unknown_field A judge has no field mim: it is left out.',
    )
    expect(stdout).toMatch(
      /^judges\/helpfulness\.yaml:14: warning unknown_variable There is no variable very/m,
    )
  })

  it.each([
    ['y\n', true],
    ['Yes\n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    ['', false],
  ])('asks on a terminal, where %j is taken for %j', async (typed, isAgreed) => {
    const work = await pulled()
    await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: mine')
    const run = await work.judgesAsked(async () => typed, 'apply')
    expect(run.stdout).toContain('Apply this? [y/N] ')
    expect(run.code).toBe(isAgreed ? 0 : 1)
    expect(run.stderr).toBe(isAgreed ? '' : 'Nothing was changed.\n')
    expect((await work.saved('Helpfulness'))?.revision.definition.modelName).toBe(isAgreed ? 'mine' : 'm')
  })

  it('does not ask when there is nothing to do', async () => {
    const work = await pulled()
    const typed = () => Promise.reject(new Error('It asked.'))
    expect(await work.judgesAsked(typed, 'apply')).toMatchObject({ code: 0, stderr: '' })
  })

  it.each(['local database', 'server'] as const)(
    'stops at what was changed after the plan, says what is done, and goes on later, on a %s',
    async (where) => {
      const work = await pulled(where)
      await work.edit('answers-the-question.yaml', 'model_name: m', 'model_name: mine')
      await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: mine')
      await work.write('new.yaml', (await work.read('helpfulness.yaml')).replace('Helpfulness', 'Another'))
      const run = await work.judgesAsked(async () => {
        await work.change('Helpfulness', { description: 'Theirs.' })
        return 'y\n'
      }, 'apply')
      expect(run.code).toBe(1)
      expect(run.stdout).toContain('updated Answers the question\n')
      expect(run.stderr).toContain('If-Match does not match')
      expect(run.stderr).toContain('Done: Answers the question.\nNot done: Helpfulness, Another.\n')
      expect((await work.saved('Helpfulness'))?.revision.definition).toMatchObject({
        description: 'Theirs.',
        modelName: 'm',
      })
      expect((await work.judges('plan')).stdout).toContain(
        '1 to create, 0 to update, 0 to delete, 1 unchanged, 1 in',
      )
      expect((await work.judges('apply', '--yes', '--force')).code).toBe(0)
      expect((await work.judges('diff', '--exit-code')).code).toBe(0)
    },
  )

  it('goes on after it was interrupted before it could remember what it did', async () => {
    const work = await pulled()
    await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: mine')
    await work.change('Helpfulness', { modelName: 'mine' })
    expect((await work.judges('apply', '--yes')).stdout).toContain('2 unchanged')
    await work.edit('helpfulness.yaml', 'model_name: mine', 'model_name: newer')
    expect(await work.judges('apply', '--yes')).toMatchObject({ code: 0, stderr: '' })
  })

  it('reads no path out of what it remembers, and no path out of the folder', async () => {
    const work = await pulled()
    const [links = ''] = await readdir(join(work.dir, 'judges/.revisions'))
    await work.edit(`.revisions/${links}`, 'helpfulness.yaml:', '../../helpfulness.yaml:')
    const { code, stderr } = await work.judges('pull')
    expect(code).toBe(1)
    expect(stderr).toMatch(/\.revisions\/\S+ can't be read: .*at judges\["\.\.\/\.\.\/helpfulness\.yaml"\]/s)
    await work.write(`.revisions/${links}`, '<<<<<<< HEAD\n')
    expect((await work.judges('plan')).stderr).toContain('If a merge left it so, take either side.')
  })

  it('says what a server refuses', async () => {
    const work = await pulled('server')
    await work.edit('helpfulness.yaml', 'model_name: m', 'model_name: mine')
    const viewer = await work.keyOf('viewer')
    await work.write('../viewer-key', viewer)
    const run = await work.judges('apply', '--yes', '--key-file', join(work.dir, 'viewer-key'))
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(/answered 403 to PUT .*expected the role editor or admin/)
    expect(run.stderr).toContain('Done: nothing.\nNot done: Helpfulness.\n')
  })

  it('names what it does not find', async () => {
    const work = await pulled()
    expect(await work.judges('pull', '--judge', 'Kindness')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Neither a file nor a saved judge is called "Kindness"'),
    })
    expect((await work.judges('plan', 'absent')).stderr).toMatch(/^absent can't be read: ENOENT/)
    expect((await work.judges('list', '--workspace', 'absent')).stderr).toContain('there are: default.')
  })

  it.each([
    [[], 'expected "list"'],
    [['push'], 'expected "list"'],
    [['pull', 'a', 'b'], 'expected "list"'],
    [['list', 'judges'], 'expected "list"'],
    [['pull', '--yes'], '--yes does not go with pull.'],
    [['pull', '--force', '--keep'], '--force and --keep say opposite things'],
    [['pull', '--prune', '--keep'], '--keep and --prune say opposite things'],
    [['diff', '--force'], '--force does not go with diff.'],
    [['apply'], 'here is nobody to ask: give --yes.'],
    [['plan', '--key-file', 'x'], '--key-file goes with --server.'],
    [['plan', '--server', 'http://127.0.0.1:1', '--workspace', 'w'], '--workspace goes without --server'],
    [['plan', '--server', 'nowhere'], '--server is "nowhere"'],
    [['pull', '--frce'], '--frce'],
  ])('does not understand %j', async (args, why) => {
    const work = await startJudgesWorkplace('local database')
    const { code, stderr, stdout } = await work.judges(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(why)
    expect(stderr).toContain('Usage: assize judges')
  })
})
