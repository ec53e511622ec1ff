import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { path, startTestAssize } from '../support/test-assize.ts'
import { plain, startTestRuns } from '../support/test-runs.ts'

const conversation = { messages: [{ role: 'assistant', content: 'Paris.' }] }

interface Sample {
  readonly labels: string
  readonly value: number
}

/** Reads the text format of Prometheus, strictly: each family has its help and its type before its samples. */
function parseMetrics(text: string): Map<string, Sample[]> {
  const families = new Map<string, Sample[]>()
  const declared = new Set<string>()
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, kind, name = ''] = /^# (HELP|TYPE) (\S+) .+$/.exec(line) ?? []
    if (kind === 'TYPE') declared.add(name)
    if (kind !== undefined) continue
    const [, sampled = '', labels = '', value] = /^([a-z_][a-z0-9_]*)(\{.*\})? (\S+)$/.exec(line) ?? []
    expect(sampled, line).not.toBe('')
    expect(
      [sampled, sampled.replace(/_(?:bucket|sum|count)$/, '')].some((one) => declared.has(one)),
      line,
    ).toBe(true)
    families.set(sampled, [...(families.get(sampled) ?? []), { labels, value: Number(value) }])
  }
  return families
}

for (const engine of engines) {
  it(`counts requests and judgments, and tells what waits, on ${engine.name}`, async () => {
    const test = await startTestRuns(plain(3), { engine, isIdle: true })
    await test.call('POST', `${path}/${test.judgeId}/live-judging`, { body: conversation })
    await test.call('GET', '/v1/nothing/here')
    await test.begin()
    const { raw, headers } = await test.call('GET', '/metrics')
    expect(headers['content-type']).toContain('text/plain')
    const metrics = parseMetrics(Buffer.from(raw).toString())
    const valueIn = (name: string, ...labels: string[]) =>
      metrics.get(name)?.find((one) => labels.every((label) => one.labels.includes(label)))?.value
    expect(
      valueIn(
        'assize_http_request_duration_seconds_count',
        'route="/v1/observability/judges/:judge_id/live-judging"',
        'status="200"',
      ),
    ).toBe(1)
    expect(valueIn('assize_http_request_duration_seconds_count', 'route="unknown"')).toBe(1)
    expect(valueIn('assize_judgment_duration_seconds_count', 'source="live"', 'outcome="answered"')).toBe(1)
    expect(valueIn('assize_tokens_total', 'direction="input"')).toBe(10)
    expect(valueIn('assize_runs_running')).toBe(1)
    expect(valueIn('assize_run_items_pending')).toBe(3)
    expect(valueIn('assize_imports_pending')).toBe(0)
    expect(valueIn('assize_build_info')).toBe(1)
  })
}

it("are an admin's alone, unless they are open", async () => {
  const closed = await startTestAssize()
  expect((await closed.call('GET', '/metrics', { key: false })).status).toBe(401)
  expect((await closed.call('GET', '/metrics', { key: await closed.keyOf('editor') })).status).toBe(403)
  expect((await closed.call('GET', '/metrics')).status).toBe(200)
  const open = await startTestAssize({ config: { areMetricsOpen: true } })
  expect((await open.call('GET', '/metrics', { key: false })).status).toBe(200)
})

it('are all in docs/watching.md, and no others', async () => {
  const { call } = await startTestAssize()
  const { raw } = await call('GET', '/metrics')
  const told = [
    ...Buffer.from(raw)
      .toString()
      .matchAll(/^# TYPE (assize_\S+)/gm),
  ].map(([, name]) => name)
  const text = readFileSync(new URL('../../docs/watching.md', import.meta.url), 'utf8')
  const documented = [...text.matchAll(/^\| `(assize_\w+)` \|/gm)].map(([, name]) => name)
  expect(told.length).toBeGreaterThan(10)
  expect(documented.toSorted()).toEqual(told.toSorted())
  const alerting = [...text.matchAll(/^ +expr: (.+)$/gm)].flatMap(
    ([, rule = '']) => rule.match(/assize_\w+/g) ?? [],
  )
  expect(alerting.length).toBeGreaterThan(3)
  for (const name of alerting) expect(told).toContain(name.replace(/_count$/, ''))
})
