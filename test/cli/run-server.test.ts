import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import type { ModelReply, ModelRequest } from '../../src/judging/model.ts'
import { ModelFailure } from '../../src/judging/model.ts'
import { type Run, runCaptured } from '../support/run-command.ts'
import { approval, startTestAssize, type TestAssize } from '../support/test-assize.ts'

interface World extends TestAssize {
  readonly url: string
  /** Numbers of the records that were judged, in the order of the calls. */
  readonly judged: number[]
  run(args: string[], given?: { stdin?: string; stop?: AbortSignal }): Promise<Run>
  write(name: string, content: string): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
  results(): Promise<any[]>
  files(): Promise<string[]>
}

/** A server that listens and works on runs, with a model that answers by the record's number. */
async function startWorld(
  answer: (number: number) => string | Promise<string> = (number) =>
    number % 2 === 0 ? 'rejected' : 'approved',
): Promise<World> {
  const started = await startTestAssize()
  const { assize, model, key } = started
  const judged: number[] = []
  model.script(async (request: ModelRequest): Promise<Partial<ModelReply>> => {
    const number = Number(/Say (\d+)!/.exec(request.messages.at(-1)?.content ?? '')?.[1])
    judged.push(number)
    return { text: JSON.stringify({ analysis: `It is ${number}.`, answer: await answer(number) }) }
  })
  await assize.server.listen({ host: '127.0.0.1', port: 0 })
  assize.runWorker.start()
  const url = `http://127.0.0.1:${(assize.server.server.address() as AddressInfo).port}`
  const dir = await mkdtemp(join(tmpdir(), 'assize-run-server-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(join(dir, name), content)
    return join(dir, name)
  }
  const judge = await write('judge.yaml', JSON.stringify(approval))
  return {
    ...started,
    url,
    judged,
    write,
    run: (args, given = {}) =>
      runCaptured(
        (io) => {
          const placed = args.map((arg) => (arg === 'out.jsonl' ? join(dir, arg) : arg))
          return runCommand(['run', '--server', url, '--judge', judge, '--data', '-', ...placed], io)
        },
        { env: { ASSIZE_API_KEY: key }, workingDir: dir, ...given },
      ),
    results: async () =>
      (await readFile(join(dir, 'out.jsonl'), 'utf8'))
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    files: async () => (await readdir(dir)).filter((name) => name.startsWith('out')),
  }
}

function recordsOf(count: number): string {
  return Array.from({ length: count }, (_, at) => recordLine(at + 1)).join('')
}

function recordLine(number: number, more: object = {}): string {
  return `${JSON.stringify({ messages: [{ role: 'user', content: `Say ${number}!` }], ...more })}\n`
}

describe('run --server', () => {
  it('judges a file on a server, and gives each record its own line and id back', async () => {
    const { run, write, results, files, call } = await startWorld()
    const data = await write(
      'data.jsonl',
      `${recordLine(1, { id: 'first' })}nonsense\n\n${recordLine(2)}${recordLine(3, { id: 7 })}${recordLine(4)}`,
    )
    const { code, stdout, stderr } = await run(['--data', data, '--out', 'out.jsonl', '--limit', '3'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^records +4 read, 1 refused, 3 judged$/m)
    expect(stdout).toMatch(/^approved +2 +66\.7% /m)
    expect(stdout).toContain('data.jsonl, line 2: The row')
    const lines = await results()
    expect(lines.map(({ id, line, answer }) => [id, line, answer])).toEqual([
      ['first', 1, 'approved'],
      [4, 4, 'rejected'],
      [7, 5, 'approved'],
    ])
    const { body } = await call('GET', '/v1/observability/runs')
    const [made] = body.runs.results
    expect(lines[0]).toMatchObject({
      outcome: 'answered',
      analysis: 'It is 1.',
      judge_name: 'Approval',
      judge_id: made.judge_id,
      revision_id: made.revision_id,
      run_id: made.id,
      output: { type: 'CLASSIFICATION', options: ['approved', 'rejected'] },
    })
    expect(made).toMatchObject({ state: 'completed', total: 3, pending: 0 })
    expect(await files()).toEqual(['out.jsonl'])
  })

  it('reads standard input, and writes to standard output, with the judge that is there', async () => {
    const { run, call, judged } = await startWorld()
    const first = await run(['--fail-if', 'share(rejected)>0.4'], { stdin: recordsOf(2) })
    expect(first.code).toBe(1)
    expect(
      first.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).line),
    ).toEqual([1, 2])
    expect(first.stderr).toMatch(/^share\(rejected\)>0\.4 +0\.5 +FAILED$/m)
    const again = await run(['--samples', '3', '--concurrency', '2'], { stdin: recordsOf(1) })
    expect(JSON.parse(again.stdout)).toMatchObject({ line: 1, distribution_method: 'samples' })
    expect(judged.filter((number) => number === 1).length).toBeGreaterThan(2)
    const { body } = await call('GET', '/v1/observability/judges?q=Approval')
    expect(body.judges.count).toBe(1)
    const [{ id }] = body.judges.results
    expect((await run(['--judge', id], { stdin: recordsOf(1) })).code).toBe(0)
    expect((await run(['--judge', 'Approval'], { stdin: recordsOf(1) })).code).toBe(0)
  })

  it('replaces no judge of the same name that says something else', async () => {
    const { run, call } = await startWorld()
    await call('POST', '/v1/observability/judges', { body: { ...approval, instructions: 'Is it good?' } })
    const { code, stderr } = await run([], { stdin: recordsOf(1) })
    expect(code).toBe(1)
    expect(stderr).toContain('has a judge "Approval" that says something else than')
  })

  it('cancels the run when it is stopped, and goes on with it', async () => {
    const stop = new AbortController()
    const { run, write, results, files, judged } = await startWorld(async (number) => {
      if (number === 10) stop.abort('SIGINT')
      await delay(20)
      return 'approved'
    })
    const data = await write('data.jsonl', recordsOf(60))
    const args = ['--data', data, '--out', 'out.jsonl', '--concurrency', '2']
    const stopped = await run(args, { stop: stop.signal })
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toContain('The same command with --resume goes on from here.')
    const before = (await results()).length
    expect(before).toBe(judged.length)
    expect(before).toBeLessThan(60)
    expect(await files()).toEqual(['out.jsonl', 'out.jsonl.part'])
    expect(await run(args)).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })
    await write('data.jsonl', `${recordsOf(59)}${recordLine(600)}`)
    expect(await run([...args, '--resume'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('line 60 is not what was sent to the server'),
    })
    await write('data.jsonl', recordsOf(59))
    expect(await run([...args, '--resume'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no line 60, which was sent to the server'),
    })
    await write('data.jsonl', recordsOf(60))
    expect(await run([...args, '--resume', '--samples', '3'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is of a run of another judge'),
    })
    const resumed = await run([...args, '--resume'])
    expect([resumed.code, resumed.stderr]).toEqual([0, ''])
    expect(resumed.stdout).toContain(`60 judged, ${before} of them before`)
    expect((await results()).map(({ line }) => line)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1))
    expect(judged.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 60 }, (_, at) => at + 1),
    )
    expect(await files()).toEqual(['out.jsonl'])
  }, 30_000)

  it('stops at a cap, and judges again what got no answer', async () => {
    let isDown = true
    const { run, write, results, judged } = await startWorld((number) => {
      if (isDown && number === 2)
        throw new ModelFailure('provider_failed', 'It is down.', { isRetryable: false })
      return 'approved'
    })
    const data = await write('data.jsonl', recordsOf(8))
    const args = ['--data', data, '--out', 'out.jsonl', '--concurrency', '1']
    const capped = await run([...args, '--max-tokens', '30'])
    expect(capped.code).toBe(1)
    expect(capped.stdout).toContain('max_tokens 30')
    const before = (await results()).length
    expect(before).toBeLessThan(8)
    isDown = false
    expect((await run([...args, '--resume'])).code).toBe(0)
    expect((await results()).map(({ outcome }) => outcome)).toEqual([
      'answered',
      'provider_failed',
      ...Array.from({ length: 6 }, () => 'answered'),
    ])
    const retried = await run([...args, '--retry-failed'])
    expect([retried.code, retried.stderr]).toEqual([0, ''])
    expect(retried.stdout).toMatch(/^answered +8 \(100\.0%\)$/m)
    expect(judged).toHaveLength(9)
  }, 30_000)

  it.each([
    [['--judge', 'Nobody'], 'There is no judge called "Nobody"'],
    [['--fail-if', 'mean>1'], 'this judge answers with options'],
    [['--max-cost', '1'], 'max_cost'],
  ])('says why %j can not be', async (args, message) => {
    const { run, files } = await startWorld()
    const { code, stdout, stderr } = await run(['--out', 'out.jsonl', ...args], { stdin: recordsOf(1) })
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: expect.stringContaining(message) })
    expect(code).toBeGreaterThan(0)
    expect(await files()).toEqual([])
  })

  it('says that there is nothing to send, and that a key is not known', async () => {
    const { run, files } = await startWorld()
    expect(await run(['--out', 'out.jsonl'], { stdin: '{"messages": []}\n' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('standard input has no records. Line 1: messages is empty'),
    })
    expect(await files()).toEqual([])
  })
})
