import { describe, expect, it } from 'vitest'
import { type Io, runCommand } from '../../src/cli/commands.ts'
import { recordsPath } from '../support/datasets.ts'
import { type Run, runCaptured } from '../support/run-command.ts'
import { startTestRuns, type TestRuns } from '../support/test-runs.ts'

const answering = (answer: string) => ({ text: JSON.stringify({ analysis: 'as scripted', answer }) })

/** A run of six records whose judge approves all, and a command line on its database. */
async function startRun(): Promise<{
  test: TestRuns
  run: string
  assize: (stdin: string, ...args: string[]) => Promise<Run>
}> {
  const labels = ['approved', 'approved', 'rejected', 'approved', 'rejected', 'approved']
  const test = await startTestRuns(labels.map((human) => ({ human })))
  test.model.script(async () => answering('approved'))
  const run = await test.begin()
  await test.until(run, 'completed')
  const env = { ASSIZE_DATA_DIR: test.config.dataDir, ASSIZE_API_KEY: test.key }
  const assize = (stdin: string, ...args: string[]) =>
    runCaptured((io: Io) => runCommand(args, io), { env, stdin, workingDir: test.config.dataDir })
  return { test, run, assize }
}

describe('assize report', () => {
  it('tells how far a run agrees with labels, and what people would say', async () => {
    const { run, assize } = await startRun()
    const { code, stdout, stderr } = await assize(
      '',
      'report',
      run,
      '--label-field',
      'human',
      '--width',
      '0.9',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Records: 6 answered.')
    expect(stdout).toContain('Labels: 6 records by 1 (field), 6 compared.')
    expect(stdout).toMatch(/^approved +100\.0% +64\.\d% +\d+\.\d% to \d+\.\d%$/m)
    expect(stdout).toMatch(/^accuracy +0\.667 +0\.300 to 0\.903 +6$/m)
    expect(stdout).toMatch(/^rejected +2 +0 +- +0\.000 +0\.000$/m)
    expect(stdout).toContain('people say "rejected", the judge "approved"\n  as scripted')
    expect(stdout).toContain('the interval to a width of 0.9')
    const asJson = await assize('', 'report', run, '--label-field', 'human', '--json')
    expect(JSON.parse(asJson.stdout)).toMatchObject({ run_id: run, labels: { compared: 6 } })
  })

  it('shows another run beside it, and what differs', async () => {
    const { test, run, assize } = await startRun()
    test.model.script(async () => answering('rejected'))
    const other = await test.begin()
    await test.until(other, 'completed')
    const { stdout } = await assize('', 'report', run, '--beside', other, '--label-field', 'human')
    expect(stdout).toContain('The two runs have the same revision, model and enforcement.')
    expect(stdout).toMatch(/^accuracy +0\.667 \(0\.300 to 0\.903\) +0\.333 \(0\.097 to 0\.700\)$/m)
  })

  it('says what it can not do', async () => {
    const { run, assize } = await startRun()
    expect(await assize('', 'report')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs one RUN'),
    })
    expect(await assize('', 'report', run, '--width', '0')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected a number above 0'),
    })
    expect(await assize('', 'report', '00000000-0000-0000-0000-000000000000')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no run'),
    })
  })
})

describe('assize label', () => {
  it('keeps each label at once, and takes back what is undone', async () => {
    const { test, run, assize } = await startRun()
    const { code, stdout } = await assize(
      '1\n2\nu\n1\nx\nq\n',
      'label',
      'Questions',
      '--judge',
      'Approval',
      '--author',
      'Ada',
    )
    expect(code).toBe(0)
    expect(stdout).toContain('3 labelled by Ada.')
    expect(stdout).toContain('Question 1')
    const labelsOf = async (at: number) =>
      (await test.call('GET', `${recordsPath}/${test.recordIds[at]}/labels`)).body.labels.results.map(
        ({ author, value }: { author: string; value: unknown }) => [author, value],
      )
    expect(await labelsOf(0)).toEqual([['Ada', 'approved']])
    expect(await labelsOf(1)).toEqual([['Ada', 'approved']])
    expect(await labelsOf(2)).toEqual([['Ada', null]])
    expect(await labelsOf(3)).toEqual([])
    // What one has labelled does not come again; what the queue picks is not labelled yet.
    const again = await assize('q\n', 'label', 'Questions', '--judge', 'Approval', '--author', 'Ada')
    expect(again.stdout).toContain('Question 4')
    const picked = await assize(
      '1\n1\n1\n1\n',
      'label',
      'Questions',
      '--judge',
      'Approval',
      '--run',
      run,
      '--author',
      'Ada',
    )
    expect(picked.stdout).toContain('3 labelled by Ada.')
  })

  it('names what is not there', async () => {
    const { assize } = await startRun()
    expect(await assize('', 'label', 'Nothing', '--judge', 'Approval')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no dataset called "Nothing"'),
    })
    expect(await assize('', 'label', 'Questions')).toMatchObject({ code: 2 })
  })
})
