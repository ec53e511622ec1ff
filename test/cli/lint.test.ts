import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createAssize } from '../../src/assize.ts'
import { runCommand } from '../../src/cli/commands.ts'
import { loadConfig } from '../../src/config.ts'
import { exampleJudges } from '../../src/judges/example-judges.ts'
import { createLog } from '../../src/log.ts'
import { runCaptured } from '../support/run-command.ts'

const good = `name: Helpful
description: ''
model_name: m
instructions: How helpful is the response?
output: {min_description: Of no use., max_description: All that is needed.}
tools: []
`

const doubtful = `name: French
description: ''
model_name: m
instructions: |
  Is the response in French?

  {{ response }}
output:
  options:
    - value: yes it is
      description: It is.
    - value: no
      description: ''
tools: []
`

const hinted = doubtful
  .replace('{{ response }}', 'Be strict.')
  .replace("description: ''\ntools", 'description: It is not.\ntools')

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assize-lint-'))
  for (const [name, text] of Object.entries({ good, doubtful, hinted })) {
    await writeFile(join(folder, `${name}.yaml`), text)
  }
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
})

async function lint(args: readonly string[], stdin = '') {
  const placed = args.map((arg) => arg.replace('DIR', folder))
  const { code, stdout, stderr } = await runCaptured((io) => runCommand(['lint', ...placed], io), {
    stdin,
    env: { ASSIZE_DATA_DIR: folder },
    workingDir: folder,
  })
  return { code, stdout: stdout.replaceAll(folder, 'DIR'), stderr: stderr.replaceAll(folder, 'DIR') }
}

describe('assize lint', () => {
  it('prints findings by their line in the file, and fails for warnings', async () => {
    const { code, stdout, stderr } = await lint(['DIR/doubtful.yaml', 'DIR/good.yaml'])
    expect(stderr).toBe('')
    expect(stdout.replaceAll(/(?<=\b[a-z]+_[a-z_]+) .*/g, '').split('\n')).toEqual([
      'DIR/doubtful.yaml:7: warning unknown_variable',
      'DIR/doubtful.yaml:13: warning option_without_description',
      'DIR/doubtful.yaml:10: hint no_way_out',
      '',
    ])
    expect(stdout).toContain('There is no variable response, so that it renders as nothing; did you mean')
    expect(code).toBe(1)
  })

  it('says nothing of a good judge, from standard input too', async () => {
    expect(await lint(['-'], good)).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('lets hints pass, unless it is strict', async () => {
    const passed = await lint(['DIR/hinted.yaml'])
    expect(passed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^DIR\/hinted\.yaml:10: hint no_way_out /),
    })
    expect(await lint(['DIR/hinted.yaml', '--strict'])).toEqual({ ...passed, code: 1 })
  })

  it('prints JSON', async () => {
    const { code, stdout } = await lint(['DIR/hinted.yaml', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      {
        source: 'DIR/hinted.yaml',
        line: 10,
        path: 'output.options',
        severity: 'hint',
        code: 'no_way_out',
        message: expect.any(String),
      },
    ])
    expect(JSON.parse((await lint(['DIR/good.yaml', '--json'])).stdout)).toEqual([])
  })

  it('finds the field where the instructions are no block', async () => {
    const judge = JSON.stringify(
      {
        name: 'French',
        description: '',
        model_name: 'm',
        tools: [],
        output: { min_description: 'x', max_description: 'y' },
        instructions: 'Right?\n{{ gold }}',
      },
      null,
      2,
    )
    await writeFile(join(folder, 'judge.json'), judge)
    expect((await lint(['DIR/judge.json'])).stdout).toMatch(/^DIR\/judge\.json:10: warning unknown_variable /)
  })

  it('names files that hold no judge, and still reads the others', async () => {
    await writeFile(join(folder, 'broken.yaml'), good.replace('How helpful', '"{{ oh'))
    await writeFile(join(folder, 'template.yaml'), good.replace('How helpful', '{% if %}'))
    const { code, stdout, stderr } = await lint([
      'DIR/broken.yaml',
      'DIR/template.yaml',
      'DIR/absent.yaml',
      'DIR/hinted.yaml',
    ])
    expect(
      stderr
        .split('\n')
        .filter((line) => line.startsWith('DIR'))
        .map((line) => line.split(/[: ]/)[0]),
    ).toEqual(['DIR/broken.yaml', 'DIR/template.yaml', 'DIR/absent.yaml'])
    expect(stdout).toContain('no_way_out')
    expect(code).toBe(1)
  })

  it('reads a judge that is saved', async () => {
    const config = loadConfig({ ASSIZE_DATA_DIR: folder }, folder)
    await using assize = await createAssize(config, { log: createLog('silent') })
    const founded = await assize.keys.found(undefined, async () => {})
    if (founded === undefined) throw new Error('The database of this test was not empty.')
    const { workspaceId, ownerId } = founded.record
    const [example] = exampleJudges('m')
    const instructions = 'Is it right?\n{{ gold }}'
    const { id } = await assize.judges.create({ workspaceId, ownerId }, { ...example, instructions })
    for (const name of [example.name, id]) {
      const { code, stdout } = await lint(['--judge', name])
      expect(code).toBe(1)
      expect(stdout).toMatch(/^Answers the question:2: warning unknown_variable /)
    }
    const absent = await lint(['--judge', 'Absent'])
    expect(absent).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Absent') })
  })

  it.each([
    [[]],
    [['a.yaml', '--judge', 'b']],
    [['-', '-']],
    [['a.yaml', '--workspace', 'w']],
    [['--unknown']],
  ])('does not understand %j', async (args) => {
    const { code, stderr } = await lint(args)
    expect(code).toBe(2)
    expect(stderr).toContain('Usage: assize lint')
  })
})
