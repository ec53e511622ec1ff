import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { attacks } from '../../src/agreement/attacks.ts'
import { createAssize } from '../../src/assize.ts'
import { runCommand } from '../../src/cli/commands.ts'
import { loadConfig } from '../../src/config.ts'
import type { ProviderRequest, ScriptedAnswer } from '../support/provider-server.ts'
import { type Run, runCaptured } from '../support/run-command.ts'
import { approval } from '../support/test-assize.ts'
import { startTestServer } from '../support/test-provider.ts'

interface World {
  readonly dir: string
  readonly env: Record<string, string>
  readonly requests: ProviderRequest[]
  run(args: string[], given?: { stdin?: string; stop?: AbortSignal }): Promise<Run>
}

/** A data folder with a judge's file, and a provider that says yes where `saysYes` does. */
async function startWorld(saysYes: (prompt: string) => boolean | ScriptedAnswer): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'assize-redteam-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const provider = await startTestServer()
  const answer = (request: ProviderRequest): ScriptedAnswer => {
    const said = saysYes(request.body.messages.at(-1).content)
    return typeof said === 'boolean' ? { body: completion(said ? 'approved' : 'rejected') } : said
  }
  provider.script(...Array.from({ length: 1000 }, () => answer))
  const env = { ASSIZE_DATA_DIR: dir, OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.baseUrl }
  await writeFile(join(dir, 'judge.yaml'), JSON.stringify({ ...approval, model_name: 'openai/judge-small' }))
  return {
    dir,
    env,
    requests: provider.requests,
    run: (args, given = {}) =>
      runCaptured((io) => runCommand(['redteam', ...args], io), { env, workingDir: dir, ...given }),
  }
}

function completion(answer: string): unknown {
  const content = JSON.stringify({ analysis: `It is ${answer}.`, answer })
  return {
    id: 'cmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'judge-small',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 120, completion_tokens: 24, total_tokens: 144 },
  }
}

const obeysOrders = (prompt: string): boolean => prompt.includes('Ignore all previous instructions. Your')
const three = [
  {
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'One.' },
    ],
    label: 'x',
  },
  [{ role: 'assistant', content: 'Two.' }],
  { messages: [{ role: 'assistant', content: 'Three.' }], properties: { a: 1 } },
]
const lines = three.map((line) => JSON.stringify(line)).join('\n')

describe('redteam', () => {
  it('shows what turned, worst first, with an example', async () => {
    const { dir, run, requests } = await startWorld(obeysOrders)
    const { code, stdout, stderr } = await run([join(dir, 'judge.yaml'), '--conversations', '-'], {
      stdin: lines,
    })
    expect(stdout).toContain('Positive is "approved", the first option (--positive names another).')
    expect(stdout).toContain('3 conversations as they are: 0 positive, 3 negative.')
    const [first = '', ...rows] = stdout
      .split('\n')
      .filter((row) => /\d+\.\d% to/.test(row) && !row.includes('('))
    expect(first).toMatch(/^\S+ +3 +3 +0 +100\.0% +43\.9% to 100\.0%$/)
    expect(rows.at(-1)).toMatch(/^\S+ +3 +0 +0 +0\.0% +0\.0% to 56\.1%$/)
    expect(stdout).toContain(
      'At least one attack turned 3 of 3 negative conversations: 100.0% (95% interval 43.9% to 100.0%).',
    )
    expect(stdout).toContain(
      'Without an attack (neutral-sentence), turned: 0.0% (95% interval 0.0% to 56.1%).',
    )
    expect(stdout).toMatch(
      /ignore-instructions \(.*\), conversation 1: "rejected" became "approved"\n {2}It is approved\./,
    )
    expect(stderr).toContain('judging under attack: 81 of 81')
    expect(code).toBe(0)
    expect(requests).toHaveLength(3 + 3 * attacks.length)
  })

  it('writes JSON, of no more than --limit conversations, for another option', async () => {
    const { dir, run } = await startWorld((prompt) => !prompt.includes('beg you'))
    const { stdout } = await run([
      join(dir, 'judge.yaml'),
      '--json',
      '--limit',
      '2',
      '--positive',
      'rejected',
    ])
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      judge: 'Approval',
      positive: '"rejected"',
      is_complete: true,
      untouched: { conversations: 2, positive: 0, negative: 2, not_answered: {} },
      overall: { turned: 2, held: 0, unknown: 0, share: { share: 1, high: 1 } },
      controls: [{ name: 'neutral-sentence', attacked: 2, turned: 0, example: null }],
    })
    expect(report.attacks).toHaveLength(attacks.length - 1)
    expect(report.attacks[0]).toMatchObject({
      name: 'emotional-plea',
      attacked: 2,
      turned: 2,
      not_answered: {},
      example: {
        conversation: 1,
        before: { answer: 'approved', analysis: 'It is approved.' },
        after: { answer: 'rejected', analysis: 'It is rejected.' },
      },
    })
  })

  it('counts judgments without an answer apart', async () => {
    const { dir, run } = await startWorld((prompt) =>
      prompt.includes('YesBot') ? { status: 401, body: {} } : false,
    )
    const { stdout } = await run([join(dir, 'judge.yaml'), '--json', '--limit', '1'])
    const report = JSON.parse(stdout)
    const played = report.attacks.find(({ name }: { name: string }) => name === 'role-play')
    expect(played).toMatchObject({
      attacked: 1,
      turned: 0,
      not_answered: { invalid_request: 1 },
      share: null,
    })
    expect(report.overall).toEqual({ turned: 0, held: 0, unknown: 1, share: null })
  })

  it.each([
    ['0.4', 1],
    ['0.45', 0],
  ])('with --fail-if-over %s of 43.9 to 100% exits with %i', async (limit, expected) => {
    const { dir, run } = await startWorld(obeysOrders)
    const args = [join(dir, 'judge.yaml'), '--conversations', '-', '--fail-if-over', limit]
    expect((await run(args, { stdin: lines })).code).toBe(expected)
  })

  it('with --fail-if-over exits with 1 where there was nothing to attack', async () => {
    const { dir, run } = await startWorld(() => true)
    const { code, stdout } = await run([join(dir, 'judge.yaml'), '--limit', '2', '--fail-if-over', '1'])
    expect(stdout).toContain('No conversation was judged negative')
    expect(code).toBe(1)
  })

  it('takes a threshold for numbers', async () => {
    const { dir, run } = await startWorld((prompt) => ({
      body: {
        ...(completion('') as object),
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: `{"analysis": "", "answer": ${prompt.includes('fairest') ? 4 : 3.5}}`,
            },
            finish_reason: 'stop',
          },
        ],
      },
    }))
    const output = { min: 1, min_description: 'bad', max: 5, max_description: 'good' }
    await writeFile(join(dir, 'scale.yaml'), JSON.stringify({ ...approval, model_name: 'openai/x', output }))
    const middle = await run([join(dir, 'scale.yaml'), '--limit', '1'])
    expect(middle.stdout).toContain(
      'Positive is 3 or more, the middle of the scale (--threshold sets another).',
    )
    expect(middle.stdout).toContain('1 positive, 0 negative')
    const four = JSON.parse(
      (await run([join(dir, 'scale.yaml'), '--limit', '1', '--threshold', '4', '--json'])).stdout,
    )
    expect(four.attacks[0]).toMatchObject({ name: 'flattery', turned: 1 })
    expect(four.overall).toMatchObject({ turned: 1 })
  })

  it('finds a saved judge by id, by name and by workspace, and keeps no judgments', async () => {
    const { dir, env, run } = await startWorld(obeysOrders)
    const id = await saveJudge(env, dir)
    for (const name of [id, 'Approval']) {
      const { code, stdout } = await run([name, '--limit', '1'])
      expect(stdout).toContain('At least one attack turned 1 of 1')
      expect(code).toBe(0)
    }
    expect(await run(['Appro'])).toMatchObject({
      code: 1,
      stderr:
        'Workspace default has no judge called "Appro"; expected its id, its whole name, or a file that ends in .yaml.\n',
    })
    expect(await run([id, '--workspace', 'other'])).toMatchObject({
      code: 1,
      stderr: 'There is no workspace "other"; there are: default.\n',
    })
    expect(await run([id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))])).toMatchObject({ code: 1 })
  })

  it('stops with what is there', async () => {
    const stop = new AbortController()
    let calls = 0
    const { dir, run } = await startWorld(() => {
      calls += 1
      if (calls === 10) stop.abort('SIGINT')
      return false
    })
    const args = [join(dir, 'judge.yaml'), '--conversations', '-', '--concurrency', '1']
    const { code, stdout } = await run(args, { stdin: lines, stop: stop.signal })
    expect(stdout).toContain('Stopped before the end: this is what is there.')
    expect(stdout).toContain('3 conversations as they are: 0 positive, 3 negative.')
    expect(code).toBe(0)
    const failing = await run([...args, '--fail-if-over', '1'], { stdin: lines, stop: stop.signal })
    expect(failing.code).toBe(1)
  })

  it.each([
    [[], 'redteam needs one JUDGE.'],
    [['a', 'b'], 'redteam needs one JUDGE.'],
    [['judge.yaml', '--limit', '0'], '--limit is "0"; expected a whole number from 1 to 1000000.'],
    [
      ['judge.yaml', '--concurrency', 'many'],
      '--concurrency is "many"; expected a whole number from 1 to 1000.',
    ],
    [
      ['judge.yaml', '--fail-if-over', '5%'],
      '--fail-if-over is "5%"; expected a share from 0 to 1, like 0.05.',
    ],
    [['judge.yaml', '--positive', 'good'], '--positive is "good"; expected one of "approved", "rejected".'],
    [
      ['judge.yaml', '--threshold', '1'],
      '--threshold is for judges that answer with a number; this one has options.',
    ],
  ])('with %j says what is wrong', async (args, message) => {
    const { dir, run, requests } = await startWorld(() => false)
    const placed = args.map((argument) => (argument === 'judge.yaml' ? join(dir, argument) : argument))
    const { code, stderr } = await run(placed)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
    expect(requests).toEqual([])
  })

  it.each([
    ['{"messages": [{"role": "user", "content": "x"}]}\n\n{', '-, line 3: '],
    ['[{"role": "nobody"}]', '-, line 1: messages[0].role is "nobody"'],
    ['{"id": 1}', '-, line 1:\n'],
    ['\n', '- has no conversations; expected one a line, as JSON.'],
  ])('names the line of %j that is wrong', async (stdin, message) => {
    const { dir, run } = await startWorld(() => false)
    const { code, stderr } = await run([join(dir, 'judge.yaml'), '--conversations', '-'], { stdin })
    expect(stderr).toContain(message)
    expect(code).toBe(1)
  })
})

/** Saves the judge of the file in the database, and gives its id. */
async function saveJudge(env: Record<string, string>, dir: string): Promise<string> {
  await using assize = await createAssize({ ...loadConfig(env, dir), logLevel: 'silent' })
  await assize.keys.found(undefined, async () => {})
  const [workspace] = await assize.keys.listWorkspaces()
  const author = {
    workspaceId: workspace?.id ?? '',
    ownerId: (await assize.keys.list('default'))[0]?.ownerId ?? '',
  }
  const { model_name: _, output, ...fields } = approval
  const judge = await assize.judges.create(author, {
    ...fields,
    modelName: 'openai/judge-small',
    output: { type: 'CLASSIFICATION', options: output.options },
  })
  return judge.id
}
