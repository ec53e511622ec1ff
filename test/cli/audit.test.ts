import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { type Run, runCaptured } from '../support/run-command.ts'

async function openWorkplace(): Promise<(...args: string[]) => Promise<Run>> {
  const workingDir = await mkdtemp(join(tmpdir(), 'assize-test-'))
  onTestFinished(() => rm(workingDir, { recursive: true, force: true }))
  const env = { ASSIZE_DATA_DIR: workingDir }
  return (...args) => runCaptured((io) => runCommand(args, io), { env, workingDir })
}

it('shows who changed what, newest first, as many lines as are asked for', async () => {
  const assize = await openWorkplace()
  await assize('workspaces', 'create', 'default')
  for (const name of ['one', 'two']) await assize('keys', 'create', '--name', name)
  const made = JSON.parse((await assize('keys', 'list', '--json')).stdout) as { id: string; name: string }[]
  const [two, one] = made.map(({ id }) => id)
  await assize('keys', 'revoke', one ?? '')

  const all = await assize('audit')
  expect(all.code).toBe(0)
  const lines = all.stdout.trimEnd().split('\n')
  expect(lines.map((line) => line.split('\t').slice(1, 5))).toEqual([
    ['key.revoked', one, '-', '-'],
    ['key.made', two, '-', '-'],
    ['key.made', one, '-', '-'],
  ])
  const json = await assize(
    'audit',
    '--json',
    '--action',
    'key.made',
    '--limit',
    '1',
    '--since',
    '2020-01-01',
  )
  expect(JSON.parse(json.stdout)).toMatchObject({
    action: 'key.made',
    subject_id: two,
    key_id: null,
    detail: { name: 'two', role: 'editor' },
  })
  expect((await assize('audit', '--subject', one ?? '')).stdout.trimEnd().split('\n')).toHaveLength(2)
  expect((await assize('audit', '--until', '2020-01-01')).stdout).toBe('')
})

it.each([
  [['--action', 'key.eaten'], /--action is key\.eaten; expected one of judge\.created/],
  [['--subject', '1'], /--subject is 1; expected an id/],
  [['--since', 'yesterday'], /--since is yesterday; expected a time/],
  [['--limit', '0'], /--limit is 0; expected a whole number from 1/],
])('does not understand %j', async (args, says) => {
  const assize = await openWorkplace()
  const { code, stderr } = await assize('audit', ...args)
  expect(code).toBe(2)
  expect(stderr).toMatch(says)
})

it('says which workspaces there are', async () => {
  const assize = await openWorkplace()
  await assize('workspaces', 'create', 'research')
  const { code, stderr } = await assize('audit', '--workspace', 'nowhere')
  expect([code, stderr]).toEqual([1, expect.stringMatching(/no workspace "nowhere"; there are: research/)])
})
