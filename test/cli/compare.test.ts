import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import type { ProviderRequest } from '../support/provider-server.ts'
import { type Run, runCaptured } from '../support/run-command.ts'
import { approval } from '../support/test-assize.ts'
import { startTestServer } from '../support/test-provider.ts'
import { plain, runsPath, startTestRuns } from '../support/test-runs.ts'

interface World {
  /** Writes results and gives the file's path. */
  write(name: string, lines: readonly (object | string)[]): Promise<string>
  compare(...args: string[]): Promise<Run>
}

async function startWorld(env: Record<string, string> = {}): Promise<World & { dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'assize-compare-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return {
    dir,
    write: async (name, lines) => {
      const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
      await writeFile(join(dir, name), texts.map((text) => `${text}\n`).join(''))
      return join(dir, name)
    },
    compare: (...args) =>
      runCaptured((io) => runCommand(['compare', ...args], io), {
        env: { ASSIZE_DATA_DIR: dir, ...env },
        workingDir: dir,
      }),
  }
}

const yesNo = { type: 'CLASSIFICATION', options: ['yes', 'no'] }
const scale = { type: 'REGRESSION', min: 0, max: 10 }

/** A line of results; an answer of null is a judgment that was limited by its rate. */
function result(line: number, answer: string | number | null, change: object = {}): object {
  return {
    judge_name: 'Helpfulness',
    judge_fingerprint: 'f00d',
    judge_id: null,
    revision_id: null,
    output: typeof answer === 'number' ? scale : yesNo,
    id: `q-${line}`,
    line,
    input_fingerprint: `${line}`,
    created_at: '2026-03-01T12:00:00.000Z',
    outcome: answer === null ? 'rate_limited' : 'answered',
    answer,
    analysis: answer === null ? null : `Because of ${answer}.`,
    reason: answer === null ? 'The provider limits the rate.' : null,
    provider: 'mistral',
    model_name: 'small',
    enforcement: 'json_schema',
    input_tokens: 10,
    output_tokens: 5,
    cost: null,
    ...change,
  }
}

/** Results of records 1, 2, ... with these answers. */
function results(answers: readonly (string | number | null)[], change: object = {}): object[] {
  return answers.map((answer, at) => result(at + 1, answer, change))
}

function times<Item>(count: number, item: Item): Item[] {
  return Array<Item>(count).fill(item)
}

// The table of 1, 7, 1 and 12 whose p value and interval the tests of the statistics have from elsewhere.
const before = [...times(12, 'no'), 'yes', ...times(7, 'no'), 'yes']
const after = [...times(12, 'no'), 'yes', ...times(7, 'yes'), 'no']

describe('compare', () => {
  it('shows what changed between two files', async () => {
    const { write, compare } = await startWorld()
    const first = await write('a.jsonl', results([...before, null, 'no']))
    const second = await write(
      'b.jsonl',
      results([...after, 'yes', null], { model_name: 'large', judge_fingerprint: 'beef' }),
    )
    const { code, stdout, stderr } = await compare(first, second, '--flips', '2')
    expect(stdout.replaceAll(first, 'A').replaceAll(second, 'B')).toMatchInlineSnapshot(`
      "First:  A, judge "Helpfulness"
      Second: B, judge "Helpfulness"

      DIFFERS            FIRST          SECOND
      judge fingerprint  f00d           beef
      served model       mistral/small  mistral/large

      Records in both: 23, answered by both 21; 1 only by the first (in the second: 1 rate_limited); 1 only by the second (in the first: 1 rate_limited).

      Answered differently: 8 of 21 (38.1%, with 95% confidence 20.8% to 59.1%). Differences are the second less the first.

      OPTION  FIRST       SECOND      GAINED  LOST  POINTS  95% INTERVAL   P
      yes     2 (9.5%)    8 (38.1%)   7       1     +28.6   +2.6 to +51.7  0.070
      no      19 (90.5%)  13 (61.9%)  1       7     -28.6   -51.7 to -2.6  0.070

      POINTS are of the share in percent; P is of McNemar's exact test. Cohen's kappa of the two is 0.056.

      FIRST \\ SECOND  yes  no
      yes             1    1
      no              7    12

      What changed, 6 more not shown:

      record q-14: "no" became "yes"
        first: Because of no.
        second: Because of yes.
      record q-15: "no" became "yes"
        first: Because of no.
        second: Because of yes.
      "
    `)
    expect([code, stderr]).toEqual([0, ''])
  })

  it('shows how far numbers moved', async () => {
    const { write, compare } = await startWorld()
    const first = await write('a.jsonl', results([1, 5, 9, 4, 2]))
    const second = await write('b.jsonl', results([2, 5, 3, 5, 8]))
    const { code, stdout } = await compare(first, second)
    expect(stdout).toContain('Nothing that is known of them differs.')
    expect(stdout).toMatch(/^mean of the first +4\.200 +-$/m)
    expect(stdout).toMatch(/^mean of the second +4\.600 +-$/m)
    expect(stdout).toMatch(/^difference +\+0\.400 +-4\.[0-9]{3} to \+5\.[0-9]{3}$/m)
    expect(stdout).toMatch(/^mean absolute change +2\.800 +-$/m)
    expect(stdout).toContain('record q-3: 9 became 3\n  first: Because of 9.\n  second: Because of 3.')
    expect(code).toBe(0)
  })

  it('writes JSON', async () => {
    const { write, compare } = await startWorld()
    const first = await write('a.jsonl', results(before))
    const second = await write('b.jsonl', results(after))
    const { code, stdout } = await compare(first, second, '--json', '--fail-if', 'flips > 50%')
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      first: { file: first, judge_name: 'Helpfulness', judge_id: null, revision_id: null },
      is_comparable: true,
      reason: null,
      differences: [],
      records: { in_both: 21, answered_by_both: 21, only_in_first: {}, answered_by_neither: 0 },
      flips: { count: 8, share: { share: 8 / 21 } },
      cross_table: {
        options: ['yes', 'no'],
        counts: [
          [1, 1],
          [7, 12],
        ],
      },
      numbers: null,
      changed_inputs: 0,
      conditions: [{ condition: 'flips > 50%', figure: 8 / 21, holds: false }],
    })
    expect(report.options[0]).toMatchObject({ option: 'yes', gained: 7, lost: 1 })
    expect(report.options[0].p_value).toBeCloseTo(0.0703125, 12)
    expect(report.flips.largest).toHaveLength(8)
    expect(report.flips.largest[0]).toEqual({
      record_id: 'q-14',
      item_number: 14,
      change: null,
      first: { judgment_id: null, answer: 'no', analysis: 'Because of no.' },
      second: { judgment_id: null, answer: 'yes', analysis: 'Because of yes.' },
    })
    expect(code).toBe(0)
  })

  it('pairs by id whatever the order, and tells apart what is in one file only or was changed', async () => {
    const { write, compare } = await startWorld()
    const numbered = (id: string | number) => ({ id })
    const first = await write('a.jsonl', [
      result(1, 'yes', numbered(1)),
      result(2, 'yes', numbered('1')),
      result(3, 'yes', numbered('c')),
      result(4, 'yes', numbered('d')),
      result(5, 'no', numbered('e')),
    ])
    const second = await write('b.jsonl', [
      result(9, 'no', { ...numbered('c'), input_fingerprint: '3' }),
      result(1, 'no', { ...numbered('1'), input_fingerprint: '2' }),
      result(2, 'yes', { ...numbered(1), input_fingerprint: '1' }),
      result(4, 'no', { ...numbered('d'), input_fingerprint: 'another' }),
      '',
      result(6, null, numbered('f')),
    ])
    const { stdout } = await compare(first, second, '--json')
    const report = JSON.parse(stdout)
    expect(report.records).toMatchObject({
      in_both: 3,
      only_in_first: { answered: 2 },
      only_in_second: { answered: 1, rate_limited: 1 },
    })
    expect(report.changed_inputs).toBe(1)
    expect(report.flips.largest.map(({ record_id: id }: { record_id: string }) => id)).toEqual(['1', 'c'])
    expect((await compare(first, second)).stdout).toContain(
      'Not compared: 2 only in the first (2 answered); 2 only in the second (1 answered, 1 rate_limited).\nOf those, 1 are in both under the same id, and say something else there.',
    )
  })

  it('counts and does not compare where the outputs differ, and fails', async () => {
    const { write, compare } = await startWorld()
    const first = await write('a.jsonl', results(['yes', 'no']))
    const second = await write(
      'b.jsonl',
      results(['yes', 'maybe'], { output: { ...yesNo, options: ['yes', 'maybe'] } }),
    )
    const { code, stdout } = await compare(first, second, '--fail-if', 'flips>1%')
    expect(stdout).toContain('Records in both: 2, answered by both 2.')
    expect(stdout).toContain(
      'Answers are not compared: the options differ: only the first has "no", only the second has "maybe".',
    )
    expect(stdout).toMatch(/^flips>1% +nothing to measure +FAILED$/m)
    expect(stdout).not.toContain('became')
    expect(code).toBe(1)
  })

  it.each([
    ['flips > 0.38', 1],
    ['high(flips) < 0.5', 0],
    ['difference(yes) > 0.28', 1],
    ['low(difference(yes)) > 0', 1],
    ['difference(no) > 0', 0],
    ['p_value("yes") < 0.05', 0],
    ['p_value(yes) < 8%', 1],
    ['kappa < 0.1', 1],
    ['compared < 21', 0],
  ])('with --fail-if %s exits with %i', async (condition, expected) => {
    const { write, compare } = await startWorld()
    const files = [await write('a.jsonl', results(before)), await write('b.jsonl', results(after))]
    expect((await compare(...files, '--fail-if', condition)).code).toBe(expected)
  })

  it.each([
    ['mean_difference > 0', 1],
    ['low(mean_difference) > 0', 0],
    ['mean_absolute_change > 2.9', 0],
    ['mean_p_value < 5%', 0],
  ])('of numbers with --fail-if %s exits with %i', async (condition, expected) => {
    const { write, compare } = await startWorld()
    const first = await write('a.jsonl', results([1, 5, 9, 4, 2]))
    const second = await write('b.jsonl', results([2, 5, 3, 5, 8]))
    expect((await compare(first, second, '--fail-if', condition)).code).toBe(expected)
  })

  it('shows what others wrote without obeying it', async () => {
    const { write, compare } = await startWorld()
    const mark = '\u001b[31m\u202e'
    const first = await write('a.jsonl', [result(1, 'yes', { id: mark, analysis: mark, judge_name: mark })])
    const second = await write('b.jsonl', [result(1, 'no', { id: mark, analysis: 'x'.repeat(500) })])
    const { stdout } = await compare(first, second)
    for (const hidden of ['\u001b', '\u202e']) expect(stdout).not.toContain(hidden)
    expect(stdout).toContain(`${'x'.repeat(200)}…`)
  })
})

describe('compare says what is wrong', () => {
  it.each([
    [[], 'compare needs FIRST and SECOND.'],
    [['a.jsonl'], 'compare needs FIRST and SECOND.'],
    [['a.jsonl', 'a.jsonl', 'a.jsonl'], 'compare needs FIRST and SECOND.'],
    [
      ['a.jsonl', '01990000-0000-7000-8000-000000000000'],
      'FIRST and SECOND are a run and a file; expected the ids of two runs, or two files.',
    ],
    [['a.jsonl', 'a.jsonl', '--server', 'http://127.0.0.1:1'], '--server is for runs'],
    [['a.jsonl', 'a.jsonl', '--flips', '101'], '--flips is "101"; expected a whole number from 0 to 100.'],
    [
      ['a.jsonl', 'a.jsonl', '--fail-if', 'share(yes) > 1'],
      'expected one of flips, kappa, difference(OPTION)',
    ],
    [['a.jsonl', 'a.jsonl', '--fail-if', 'low(kappa) > 1'], 'expected a measure with an interval: flips'],
    [
      ['a.jsonl', 'a.jsonl', '--fail-if', 'p_value(maybe) < 0.1'],
      'there is no "maybe"; expected one of "yes", "no".',
    ],
    [['a.jsonl', 'a.jsonl', '--fail-if', 'mean_p_value < 0.1'], 'these judges answer with options'],
    [['n.jsonl', 'n.jsonl', '--fail-if', 'kappa < 0.1'], 'these judges answer with a number'],
  ])('of %j', async (args, message) => {
    const { dir, write, compare } = await startWorld()
    await write('a.jsonl', results(['yes', 'no']))
    await write('n.jsonl', results([1, 2]))
    const placed = args.map((arg) => (arg.endsWith('.jsonl') ? join(dir, arg) : arg))
    const { code, stderr, stdout } = await compare(...placed)
    expect(stderr).toContain(message)
    expect([code, stdout]).toEqual([2, ''])
  })

  it.each<[string, (object | string)[], string]>([
    ['nothing', [], 'has no results; expected a file that assize run wrote.'],
    ['no JSON', [result(1, 'yes'), '{'], ', line 2 is no result; expected a line that assize run wrote.'],
    ['an answer that is no option', [result(1, 'perhaps')], ', line 1 is no result'],
    [
      'two judges',
      [result(1, 'yes'), result(2, 'yes', { judge_fingerprint: 'other' })],
      ': the result of record line 2 is by another judge than the lines before; expected the results of one run.',
    ],
    [
      'an id twice',
      [result(1, 'yes', { id: 'x' }), result(2, 'yes', { id: 'x' })],
      ': the result of record line 2 has the id "x", which the record of line 1 has too; expected ids that tell records apart.',
    ],
  ])('of a file with %s', async (_, lines, message) => {
    const { write, compare } = await startWorld()
    const good = await write('good.jsonl', results(['yes', 'no']))
    const bad = await write('bad.jsonl', lines)
    for (const files of [
      [good, bad],
      [bad, good],
    ]) {
      const { code, stderr } = await compare(...files)
      expect(stderr).toContain(`${bad}${message.startsWith('has') ? ' ' : ''}${message}`)
      expect(code).toBe(1)
    }
  })

  it('of a file that is not there', async () => {
    const { dir, write, compare } = await startWorld()
    const good = await write('good.jsonl', results(['yes']))
    const { code, stderr } = await compare(good, join(dir, 'missing.jsonl'))
    expect(stderr).toMatch(/missing\.jsonl can't be read: ENOENT/)
    expect(code).toBe(1)
  })
})

it('reads what assize run wrote', async () => {
  const provider = await startTestServer()
  const answer = ({ body }: ProviderRequest) => {
    const said = body.model === 'large' || /bad/.test(body.messages.at(-1).content) ? 'rejected' : 'approved'
    const content = JSON.stringify({ analysis: `It is ${said}.`, answer: said })
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
    const usage = { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 }
    return { body: { id: 'x', object: 'chat.completion', created: 1, model: body.model, choices, usage } }
  }
  provider.script(...Array.from({ length: 100 }, () => answer))
  const env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.baseUrl }
  const { dir, write, compare } = await startWorld(env)
  const data = await write(
    'data.jsonl',
    ['good', 'bad', 'fine'].map((text, at) => ({
      id: `case ${at}`,
      messages: [{ role: 'user', content: text }],
    })),
  )
  for (const model of ['small', 'large']) {
    const judge = await write(`${model}.yaml`, [{ ...approval, model_name: `openai/${model}` }])
    const args = ['run', '--judge', judge, '--data', data, '--out', join(dir, `${model}.jsonl`)]
    const surroundings = { env: { ASSIZE_DATA_DIR: dir, ...env }, workingDir: dir }
    expect((await runCaptured((io) => runCommand(args, io), surroundings)).code).toBe(0)
  }
  const { code, stdout } = await compare(join(dir, 'small.jsonl'), join(dir, 'large.jsonl'))
  expect(stdout).toMatch(/^judge fingerprint +[0-9a-f]+ +[0-9a-f]+$/m)
  expect(stdout).toMatch(/^served model +openai\/small +openai\/large$/m)
  expect(stdout).toContain('Answered differently: 2 of 3 (66.7%, with 95% confidence 20.8% to 93.9%).')
  expect(stdout).toMatch(/^rejected +1 \(33\.3%\) +3 \(100\.0%\) +2 +0 +\+66\.7 +/m)
  expect(stdout).toContain('record case 0: "approved" became "rejected"\n  first: It is approved.')
  expect(code).toBe(0)
})

describe('compare of runs', () => {
  async function startRuns() {
    const test = await startTestRuns(plain(3))
    const begin = async (answer: string): Promise<string> => {
      test.model.script(async () => ({ text: JSON.stringify({ analysis: `It is ${answer}.`, answer }) }))
      return (await test.until(await test.begin({ name: `All ${answer}` }), 'completed')).id
    }
    const env = { ASSIZE_DATA_DIR: test.config.dataDir, ASSIZE_API_KEY: test.key }
    return {
      test,
      first: await begin('approved'),
      second: await begin('rejected'),
      ...(await startWorld(env)),
    }
  }

  it("reads this machine's database, or a server", async () => {
    const { test, first, second, compare } = await startRuns()
    const address = await test.assize.server.listen({ host: '127.0.0.1', port: 0 })
    for (const place of [[], ['--server', address]]) {
      const { code, stdout, stderr } = await compare(first, second, ...place, '--fail-if', 'flips < 1')
      expect(stderr).toBe('')
      expect(stdout).toContain(
        `First:  run "All approved" (${first}), judge "Approval" with scripted, completed\nSecond: run "All rejected" (${second})`,
      )
      expect(stdout).toContain('Answered differently: 3 of 3 (100.0%')
      expect(stdout).toContain(
        `record ${test.recordIds[0]}: "approved" became "rejected"\n  first: It is approved.\n  second: It is rejected.`,
      )
      expect(stdout).toMatch(/^flips < 1 +1 +fine$/m)
      expect(code).toBe(0)
    }
    const { body } = await test.call('GET', `${runsPath}/${first}/comparison?with=${second}&flips=10`)
    expect(JSON.parse((await compare(first, second, '--json')).stdout)).toEqual({ ...body, conditions: [] })
  })

  it('says which run is not there', async () => {
    const { first, compare } = await startRuns()
    const nobody = '01990000-0000-7000-8000-000000000000'
    const { code, stderr } = await compare(first, nobody)
    expect(stderr).toContain(`There is no run ${nobody} in this workspace.`)
    expect(code).toBe(1)
  })
})
