import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { runCaptured } from '../support/run-command.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const prices = [{ modelPatterns: ['scripted/*'], inputPerMillion: 2, outputPerMillion: 4 }]
const conversation = { messages: [{ role: 'user', content: 'Hi' }] }

/** A judge that judged twice on one day and once on the next, and the command on its database. */
async function openUsed() {
  const test = await startTestAssize({ config: { prices } })
  const { body: judge } = await test.call('POST', path, { body: approval })
  const live = () => test.call('POST', `${path}/${judge.id}/live-judging`, { body: conversation })
  await live()
  await live()
  test.advance(86_400_000)
  await live()
  const workingDir = test.config.dataDir
  const env = { ASSIZE_DATA_DIR: workingDir, ASSIZE_API_KEY: test.key }
  const usage = (...args: string[]) =>
    runCaptured((io) => runCommand(['usage', ...args], io), { env, workingDir })
  return { test, judge, usage, days: ['--from', '2026-01-01', '--to', '2026-01-31'] }
}

it('shows what was used by day, judge and model, of this machine and of a server', async () => {
  const { test, usage, days } = await openUsed()
  const byDay = await usage(...days)
  expect([byDay.code, byDay.stdout]).toEqual([
    0,
    `day         judgments  unpriced  input tokens  output tokens  cost
2026-01-02  2          0         20            10             0.00008
2026-01-03  1          0         10            5              0.00004
total       3          0         30            15             0.00012
`,
  ])
  const url = await test.assize.server.listen({ host: '127.0.0.1', port: 0 })
  const keyFile = join(test.config.dataDir, 'a.key')
  await writeFile(keyFile, `${test.key}\n`)
  const remote = await usage(
    ...days,
    '--by',
    'model',
    '--by',
    'judge',
    '--server',
    url,
    '--key-file',
    keyFile,
  )
  expect([remote.code, remote.stdout]).toEqual([
    0,
    `judge     model     judgments  unpriced  input tokens  output tokens  cost
Approval  scripted  3          0         30            15             0.00012
total               3          0         30            15             0.00012
`,
  ])
})

it('prints what the API answers, and shows a deleted judge by its id', async () => {
  const { test, judge, usage, days } = await openUsed()
  await test.call('DELETE', `${path}/${judge.id}`)
  const { stdout } = await usage(...days, '--by', 'judge', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    from: '2026-01-01',
    to: '2026-01-31',
    group_by: ['judge'],
    results: [{ judge_id: judge.id, judgments: 3 }],
  })
  expect((await usage(...days, '--by', 'judge')).stdout).toContain(`\n${judge.id}  3 `)
})

it.each([
  [['--by', 'hour'], 2, /--by is hour; expected one of day, judge/],
  [['--from', 'yesterday'], 2, /--from is yesterday; expected a day like 2027-01-31/],
  [
    ['--from', '2026-02-01', '--to', '2026-01-01'],
    1,
    /from: expected 2026-01-01 \(the last day\) or earlier/,
  ],
])('refuses %j', async (args, exitCode, says) => {
  const { usage } = await openUsed()
  const { code, stderr } = await usage(...args)
  expect(code).toBe(exitCode)
  expect(stderr).toMatch(says)
})
