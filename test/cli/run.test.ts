import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAssize } from '../../src/assize.ts'
import { runCommand } from '../../src/cli/commands.ts'
import { loadConfig } from '../../src/config.ts'
import type { ProviderRequest, ProviderServer, ScriptedAnswer } from '../support/provider-server.ts'
import { type Run, runCaptured } from '../support/run-command.ts'
import { approval } from '../support/test-assize.ts'
import { startTestServer } from '../support/test-provider.ts'

interface World {
  readonly dir: string
  readonly env: Record<string, string>
  readonly provider: ProviderServer
  /** Runs `assize run` with the judge's file, over standard input unless told otherwise; `out.jsonl` is in the folder. */
  run(args: string[], given?: { stdin?: string; stop?: AbortSignal; isTTY?: boolean }): Promise<Run>
  write(name: string, content: string | Uint8Array): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
  results(name?: string): Promise<any[]>
}

const models = { models: ['openai/judge-*'], input_per_million: 1000, output_per_million: 10_000 }

/** A data folder with a judge's file, and a provider that answers by the prompt. */
async function startWorld(
  answer: (prompt: string, request: ProviderRequest) => string | number | ScriptedAnswer = () => 'approved',
  judge: object = {},
): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'assize-run-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const provider = await startTestServer()
  const reply = (request: ProviderRequest): ScriptedAnswer => {
    const said = answer(request.body.messages.at(-1).content, request)
    return typeof said === 'object' ? said : { body: completion(said) }
  }
  provider.script(...Array.from({ length: 2000 }, () => reply))
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(join(dir, name), content)
    return join(dir, name)
  }
  await write('judge.yaml', JSON.stringify({ ...approval, model_name: 'openai/judge-small', ...judge }))
  const env = { ASSIZE_DATA_DIR: dir, OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.baseUrl }
  const out = join(dir, 'out.jsonl')
  return {
    dir,
    env,
    provider,
    write,
    run: (args, given = {}) =>
      runCaptured(
        (io) => {
          const placed = args.map((arg) => (arg === 'out.jsonl' ? out : arg))
          return runCommand(['run', '--judge', join(dir, 'judge.yaml'), '--data', '-', ...placed], io)
        },
        { env, workingDir: dir, ...given },
      ),
    results: async (name = out) =>
      (await readFile(name, 'utf8'))
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  }
}

function completion(answer: string | number): unknown {
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

function recordsOf(count: number): string {
  return Array.from({ length: count }, (_, at) => recordLine(at + 1)).join('')
}

function recordLine(number: number, more: object = {}): string {
  return `${JSON.stringify({ messages: [{ role: 'user', content: `Say ${number}!` }], ...more })}\n`
}

function numberIn(prompt: string): number {
  return Number(/Say (\d+)!/.exec(prompt)?.[1])
}

describe('run', () => {
  it('judges standard input to standard output, in the order of the records', async () => {
    const { run, provider } = await startWorld((prompt) => ({
      body: completion(numberIn(prompt) % 2 === 0 ? 'rejected' : 'approved'),
      delayMs: numberIn(prompt) % 5 === 1 ? 60 : 0,
    }))
    const stdin = `${recordLine(1, { id: 'first' })}nonsense\n\n${recordLine(2, { id: 7 })}${recordsOf(30)}`
    const { code, stdout, stderr } = await run(['--concurrency', '8'], { stdin })
    const lines = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(lines.map(({ id, line, answer }) => [id, line, answer])).toEqual([
      ['first', 1, 'approved'],
      [7, 4, 'rejected'],
      ...Array.from({ length: 30 }, (_, at) => [at + 5, at + 5, at % 2 === 0 ? 'approved' : 'rejected']),
    ])
    expect(lines[0]).toMatchObject({
      outcome: 'answered',
      analysis: 'It is approved.',
      reason: null,
      provider: 'openai',
      model_name: 'judge-small',
      attempts: 1,
      input_tokens: 120,
      output_tokens: 24,
      cost: null,
      votes: null,
      judge_name: 'Approval',
      judge_fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      judge_id: null,
      output: { type: 'CLASSIFICATION', options: ['approved', 'rejected'] },
    })
    expect(lines[0].run_id).toBe(null)
    for (const name of ['record_id', 'item_number']) expect(lines[0]).not.toHaveProperty(name)
    expect(stderr).toContain('standard input, line 2: The row')
    expect(stderr).toMatch(/^records +33 read, 1 refused, 32 judged$/m)
    expect(stderr).toMatch(/^approved +16 +50\.0% +33\.\d% to 66\.\d%$/m)
    expect(code).toBe(0)
    expect(provider.mostInFlight()).toBeLessThanOrEqual(8)
  })

  it('writes a file, and says what it came to', async () => {
    const { run, write, results, env } = await startWorld((prompt) => numberIn(prompt), {
      output: { min: 0, max: 5, min_description: 'bad', max_description: 'good' },
    })
    env.ASSIZE_CONFIG = await write('config.yaml', JSON.stringify({ prices: [models] }))
    const data = await write('data.jsonl', recordsOf(4))
    const { code, stdout, stderr } = await run(['--data', data, '--out', 'out.jsonl', '--json'])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({
      state: 'completed',
      judge: { name: 'Approval', output: { type: 'REGRESSION', min: 0, max: 5 } },
      model_name: 'openai/judge-small',
      data,
      read: 4,
      refused: 0,
      refusals: [],
      judged: 4,
      judged_now: 4,
      outcomes: { answered: 4 },
      answers: null,
      mean: { mean: 2.5 },
      input_tokens: 480,
      output_tokens: 96,
      conditions: [],
    })
    expect(summary.cost).toBeCloseTo(4 * 0.36, 10)
    // Student's interval of 1, 2, 3 and 4: 2.5 and 3.182446 times the root of 5/12.
    expect(summary.mean.low).toBeCloseTo(2.5 - 3.182446 * Math.sqrt(5 / 12), 5)
    expect(summary.mean.high).toBeCloseTo(2.5 + 3.182446 * Math.sqrt(5 / 12), 5)
    expect((await results()).map(({ line, answer, cost }) => [line, answer, cost])).toEqual(
      [1, 2, 3, 4].map((number) => [number, number, 0.36]),
    )
  })

  it.each([
    [
      'data.csv',
      'question,reply,topic\nSay 1!,"one, or two",a\nSay 2!,three,b\n',
      ['--map', 'input=question,output=reply'],
    ],
    ['data.json', JSON.stringify([JSON.parse(recordLine(1)), JSON.parse(recordLine(2))]), []],
    ['data.jsonl.gz', gzipSync(recordsOf(2)), []],
    ['data.txt', 'prompt\tcompletion\nSay 1!\tone\nSay 2!\ttwo\n', ['--format', 'tsv']],
    [
      'sharegpt.jsonl',
      '{"conversations":[{"from":"human","value":"Say 1!"}]}\n{"conversations":[{"from":"human","value":"Say 2!"}]}\n',
      [],
    ],
  ])('reads %s', async (name, content, args) => {
    const { run, write, provider } = await startWorld()
    const { code, stdout, stderr } = await run(['--data', await write(name, content), ...args])
    expect(stderr).toContain('2 read, 0 refused, 2 judged')
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(3)
    const asked = provider.requests.map(({ body }) => numberIn(body.messages.at(-1).content))
    expect(asked.toSorted()).toEqual([1, 2])
  })

  it('reads what another program writes into a pipe', async () => {
    const { dir, run } = await startWorld()
    const pipe = join(dir, 'pipe.csv')
    execFileSync('mkfifo', [pipe])
    const running = run(['--data', pipe, '--format', 'csv'])
    await writeFile(pipe, 'prompt,completion\nSay 1!,one\nSay 2!,two\n')
    const { code, stderr } = await running
    expect([code, stderr]).toEqual([0, expect.stringContaining('2 read, 0 refused, 2 judged')])
  })

  it('shows a bar on a terminal, with the rate, the time left, outcomes and cost', async () => {
    const { run, write, env } = await startWorld(() => ({ body: completion('approved'), delayMs: 150 }))
    env.ASSIZE_CONFIG = await write('config.yaml', JSON.stringify({ prices: [models] }))
    const data = await write('data.jsonl', recordsOf(4))
    const { code, stderr } = await run(['--data', data, '--concurrency', '1', '--out', 'out.jsonl'], {
      isTTY: true,
    })
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /\[=+-+\] [23] of 4 judged, \d\.\d\/s, [\d.]+ s left, [23] answered, cost (?:0\.72|1\.08)/,
    )
  })

  it('goes on with what is there, and judges nothing twice', async () => {
    let isDown = true
    const { run, write, results, provider } = await startWorld((prompt) =>
      isDown && numberIn(prompt) === 3 ? { status: 400, body: { message: 'no' } } : 'approved',
    )
    const data = await write('data.jsonl', recordsOf(6))
    const args = ['--data', data, '--out', 'out.jsonl']
    expect((await run([...args, '--limit', '4'])).stdout).toContain('4 read, 0 refused, 4 judged')
    isDown = false
    const again = await run(args)
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('is there already: --resume goes on'),
    ])
    const resumed = await run([...args, '--resume'])
    expect(resumed.stdout).toContain('6 judged, 4 of them before')
    expect(provider.requests).toHaveLength(6)
    expect((await results()).map(({ outcome }) => outcome)).toEqual([
      ...['answered', 'answered', 'invalid_request'],
      ...['answered', 'answered', 'answered'],
    ])
    const retried = await run([...args, '--retry-failed'])
    expect(retried.stdout).toContain('6 judged, 5 of them before')
    expect(retried.stdout).toMatch(/^answered +6 \(100\.0%\)$/m)
    expect(provider.requests).toHaveLength(7)
    expect((await results()).map(({ line, outcome }) => [line, outcome])).toEqual(
      [1, 2, 3, 4, 5, 6].map((line) => [line, 'answered']),
    )
    const done = await run([...args, '--resume'])
    expect([done.code, provider.requests.length]).toEqual([0, 7])
  })

  it('goes on with the same judge and the same data only', async () => {
    const { run, write, provider } = await startWorld()
    const data = await write('data.jsonl', recordsOf(3))
    const args = ['--data', data, '--out', 'out.jsonl', '--resume']
    await run(args)
    expect(await run([...args, '--samples', '3'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has judgments of another judge, called "Approval"'),
    })
    await write('judge.yaml', JSON.stringify({ ...approval, model_name: 'openai/judge-large' }))
    expect(await run(args)).toMatchObject({ code: 1, stderr: expect.stringContaining('of another judge') })
    const renamed = {
      ...approval,
      name: 'Renamed',
      description: 'Said anew.',
      model_name: 'openai/judge-small',
    }
    await write('judge.yaml', JSON.stringify(renamed))
    await write('data.jsonl', `${recordsOf(2)}${recordLine(33)}`)
    expect(await run(args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has the judgment of another record for line 3'),
    })
    await write('data.jsonl', recordsOf(4))
    expect(await run(args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('4 judged, 3 of them before'),
    })
    expect(provider.requests).toHaveLength(4)
  })

  it('makes several judgments one', async () => {
    let asked = 0
    const { run, results } = await startWorld(() => {
      asked += 1
      return asked === 2 ? 'rejected' : 'approved'
    })
    await run(['--samples', '3', '--out', 'out.jsonl'], { stdin: recordsOf(1) })
    const [result] = await results()
    expect(result).toMatchObject({ answer: 'approved', input_tokens: 360, distribution_method: 'samples' })
    expect(result.votes.map(({ answer }: { answer: string }) => answer).toSorted()).toEqual([
      'approved',
      'approved',
      'rejected',
    ])
    expect(result.distribution.approved).toBeCloseTo(2 / 3, 10)
  })

  it('fails where a condition holds, and says by which figure', async () => {
    const { run } = await startWorld((prompt) => (numberIn(prompt) > 8 ? 'rejected' : 'approved'))
    const stdin = recordsOf(10)
    const both = await run(['--fail-if', 'share(rejected)>0.15', '--fail-if', 'outcome(timed_out)>0'], {
      stdin,
    })
    expect(both.code).toBe(1)
    expect(both.stderr).toMatch(/^share\(rejected\)>0\.15 +0\.2 +FAILED$/m)
    expect(both.stderr).toMatch(/^outcome\(timed_out\)>0 +0 +fine$/m)
    expect((await run(['--fail-if', 'low(share(rejected))>0.15'], { stdin })).code).toBe(0)
    expect(await run(['--fail-if', 'share(maybe)>0.1'], { stdin })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no "maybe"; expected one of "approved", "rejected".'),
    })
  })

  it('stops at its caps with what was judged by then, and goes on under higher ones', async () => {
    const { run, write, env, results, provider } = await startWorld()
    const data = await write('data.jsonl', recordsOf(20))
    const args = ['--data', data, '--out', 'out.jsonl', '--concurrency', '2']
    expect(await run([...args, '--max-cost', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--max-cost needs the price of openai/judge-small'),
    })
    env.ASSIZE_CONFIG = await write('config.yaml', JSON.stringify({ prices: [models] }))
    const capped = await run([...args, '--max-cost', '2'])
    expect(capped.code).toBe(1)
    expect(capped.stdout).toContain('Another judgment would pass --max-cost 2: 1.8 is spent.')
    expect(capped.stderr).toContain('The same command with --resume goes on from here.')
    expect(await results()).toHaveLength(5)
    const further = await run([...args, '--resume', '--max-tokens', '1500'])
    expect(further.stdout).toContain('Another judgment would pass --max-tokens 1500: 1440 are spent.')
    expect(await results()).toHaveLength(10)
    expect((await run([...args, '--resume', '--max-cost', '7.2'])).code).toBe(0)
    expect(provider.requests).toHaveLength(20)
  })

  it('gives up where every judgment fails, and can retry', async () => {
    const { run, write, results, provider } = await startWorld(() => ({ status: 401, body: {} }))
    const data = await write('data.jsonl', recordsOf(500))
    const { code, stdout } = await run(['--data', data, '--out', 'out.jsonl', '--concurrency', '4'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^100 judgments in a row failed; the last one: .*key/m)
    expect((await results()).length).toBeLessThan(110)
    provider.script()
    provider.always({ body: completion('approved') })
    expect((await run(['--data', data, '--out', 'out.jsonl', '--retry-failed'])).code).toBe(0)
    expect(await results()).toHaveLength(500)
  })

  it('fails where nothing was answered', async () => {
    const { run } = await startWorld(() => ({ status: 401, body: {} }))
    const { code, stderr } = await run([], { stdin: recordsOf(2) })
    expect([code, stderr]).toEqual([1, expect.stringContaining('No judgment gave an answer.')])
  })

  it('ends the judgment of one record where its instructions fail, and no other', async () => {
    const { run } = await startWorld(() => 'approved', { instructions: '{{ 1 // properties.by }}' })
    const stdin = `${recordLine(1, { properties: { by: 1 } })}${recordLine(2, { properties: { by: 0 } })}`
    const { code, stdout } = await run([], { stdin })
    expect(code).toBe(0)
    const [first, second] = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(first).toMatchObject({ outcome: 'answered' })
    expect(second).toMatchObject({ outcome: 'invalid_request', reason: expect.stringContaining('line 1') })
  })

  it('stops when it is asked to, with what is under way', async () => {
    const stop = new AbortController()
    const { run, write, results, provider } = await startWorld((prompt) => {
      if (numberIn(prompt) === 10) stop.abort('SIGINT')
      return { body: completion('approved'), delayMs: 30 }
    })
    const data = await write('data.jsonl', recordsOf(100))
    const args = ['--data', data, '--out', 'out.jsonl', '--concurrency', '4']
    const { code, stderr, stdout } = await run(args, { stop: stop.signal })
    expect(code).toBe(130)
    expect(stderr).toContain('Stopping: the judgments under way are finished first.')
    expect(stderr).toContain('The same command with --resume goes on from here.')
    expect(stdout).toContain('It was stopped before its end.')
    const before = provider.requests.length
    expect(before).toBeLessThan(20)
    expect((await results()).map(({ line }) => line)).toEqual(
      Array.from({ length: before }, (_, at) => at + 1),
    )
    expect((await run([...args, '--resume'])).code).toBe(0)
    expect(provider.requests).toHaveLength(100)
  })

  it('takes a saved judge, and says which revision it asked', async () => {
    const { run, env, dir } = await startWorld()
    const config = { ...loadConfig(env, dir), logLevel: 'silent' as const }
    let ids: readonly string[] = []
    {
      await using assize = await createAssize(config)
      const made = await assize.keys.found(undefined, async () => {})
      if (made === undefined) throw new Error('The database of this test was not empty.')
      const { workspaceId, ownerId } = made.record
      const judge = await assize.judges.create(
        { workspaceId, ownerId },
        {
          name: 'Saved judge',
          description: '',
          modelName: 'openai/judge-small',
          output: { type: 'CLASSIFICATION', options: [{ value: 'approved', description: '' }] },
          instructions: 'Is it fine?',
          tools: [],
        },
      )
      ids = [judge.id, judge.revision.id]
    }
    const { code, stdout } = await run(['--judge', 'Saved judge'], { stdin: recordsOf(1) })
    const result = JSON.parse(stdout)
    expect(code).toBe(0)
    expect([result.judge_id, result.revision_id]).toEqual(ids)
  })

  it.each([
    [['--data', 'missing.jsonl'], 1, "missing.jsonl can't be read: ENOENT"],
    [['--data', '/dev'], 1, '/dev is a folder'],
    [['--judge', 'missing.yaml'], 1, "missing.yaml can't be read"],
    [['--judge', 'Nobody'], 1, 'There is no workspace "default"'],
    [[], 1, 'standard input: The file has no rows.'],
    [['--out', 'out.jsonl'], 1, 'standard input: The file has no rows.'],
  ])('says why %j can not be', async (args, code, message) => {
    const { run } = await startWorld()
    expect(await run(args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) })
  })

  it('says that every line was refused', async () => {
    const { run } = await startWorld()
    const { code, stderr } = await run([], { stdin: '{"messages": []}\n{"messages": [1]}\n' })
    expect(code).toBe(1)
    expect(stderr).toContain('standard input has no records. Line 1: messages is empty')
  })

  it('asks for nothing that nobody serves', async () => {
    const { run, env } = await startWorld()
    delete env.OPENAI_API_KEY
    delete env.OPENAI_BASE_URL
    const { code, stderr } = await run([], { stdin: recordsOf(1) })
    expect([code, stderr]).toEqual([1, expect.stringContaining('nobody serves "openai/judge-small"')])
  })
})
