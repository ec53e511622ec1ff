import { expect, it } from 'vitest'
import { type ReceivedLog, startOtlpReceiver } from '../support/otlp-receiver.ts'
import { startProviderServer } from '../support/provider-server.ts'
import { judge, messages, start } from './traced-program.ts'

const base = '/v1/observability'
const callersTrace = '0af7651916cd43dd8448eb211c80319c'
const callersSpan = 'b7ad6b7169203331'
const runsTrace = '1bf7651916cd43dd8448eb211c80319d'
const traceparent = `00-${callersTrace}-${callersSpan}-01`

it('traces hold live judgments and those of runs, below who asked for them', async () => {
  await using collector = await startOtlpReceiver()
  await using provider = await startProviderServer()
  const { program, call } = await start(collector.url, provider.baseUrl)
  const { body: made } = await call('POST', '/judges', judge)

  const judged = await call('POST', `/judges/${made.id}/live-judging`, { messages }, { traceparent })
  expect(judged).toMatchObject({ status: 200, body: { answer: 'yes' } })
  const ofCaller = await collector.until(({ traceId }) => traceId === callersTrace, 3)
  const [request, judgment, chat] = ['POST ', 'judge ', 'chat '].map((start) =>
    ofCaller.find(({ name }) => name.startsWith(start)),
  )
  expect(request).toMatchObject({
    name: `POST ${base}/judges/:judge_id/live-judging`,
    kind: 2,
    parentSpanId: callersSpan,
    attributes: {
      'http.request.method': 'POST',
      'http.route': `${base}/judges/:judge_id/live-judging`,
      'url.path': `${base}/judges/${made.id}/live-judging`,
      'http.response.status_code': 200,
    },
    resource: { 'service.name': 'assize' },
  })
  expect(judgment).toMatchObject({
    name: 'judge Approves',
    parentSpanId: request?.spanId,
    attributes: { 'assize.judgment.outcome': 'answered', 'assize.judgment.source': 'live' },
  })
  expect(chat).toMatchObject({
    name: 'chat judge-small',
    kind: 3,
    parentSpanId: judgment?.spanId,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'judge-small',
      'gen_ai.request.temperature': 0,
      'gen_ai.usage.input_tokens': 120,
      'gen_ai.usage.output_tokens': 24,
      'gen_ai.response.finish_reasons': ['stop'],
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(provider.baseUrl).port),
    },
  })

  const { body: dataset } = await call('POST', '/datasets', { name: 'Questions', description: '' })
  for (let number = 0; number < 3; number += 1) {
    await call('POST', `/datasets/${dataset.id}/records`, { payload: { messages }, properties: {} })
  }
  provider.script({ status: 400, body: { error: { message: 'A secret of the provider.' } } })
  const ofRun = { traceparent: `00-${runsTrace}-${callersSpan}-01` }
  await call('POST', '/runs', { judge_id: made.id, dataset_id: dataset.id, concurrency: 1 }, ofRun)
  const runSpans = await collector.until(({ traceId }) => traceId === runsTrace, 7)
  const creation = runSpans.find(({ name }) => name === `POST ${base}/runs`)
  const judgments = runSpans.filter(({ name }) => name === 'judge Approves')
  expect(creation?.parentSpanId).toBe(callersSpan)
  expect(judgments.map(({ parentSpanId }) => parentSpanId)).toEqual(Array(3).fill(creation?.spanId))
  expect(judgments.map(({ attributes }) => attributes['assize.judgment.source'])).toEqual(
    Array(3).fill('run'),
  )
  const [failed] = judgments.filter(({ status }) => status.code === 2)
  const type = failed?.attributes['error.type']
  expect(type).toBe(failed?.attributes['assize.judgment.outcome'])
  const chats = runSpans.filter(({ name }) => name.startsWith('chat'))
  expect(new Set(chats.map(({ parentSpanId }) => parentSpanId))).toEqual(
    new Set(judgments.map(({ spanId }) => spanId)),
  )

  expect(await program.end('SIGTERM')).toBe(0)
  const isOfJudgment = ({ spanId }: ReceivedLog) => spanId === judgment?.spanId
  expect(collector.logs.filter(isOfJudgment)).toMatchObject([
    {
      traceId: callersTrace,
      eventName: 'gen_ai.evaluation.result',
      attributes: { 'gen_ai.evaluation.name': 'Approves', 'gen_ai.evaluation.score.label': 'yes' },
    },
  ])
  const told = collector.logs.filter(({ spanId }) => spanId === failed?.spanId)
  expect(told.map(({ attributes }) => attributes)).toEqual([
    { 'gen_ai.evaluation.name': 'Approves', 'error.type': type },
  ])
  const fields = { method: 'POST', route: request?.attributes['http.route'], status: 200 }
  expect(collector.logs.filter(({ spanId }) => spanId === request?.spanId)).toMatchObject([
    { traceId: callersTrace, severityText: 'INFO', severityNumber: 9, body: 'answered', attributes: fields },
  ])
  const lines = program.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.filter((line) => line.trace_id === callersTrace)).toMatchObject([
    { ...fields, level: 30, msg: 'answered', span_id: request?.spanId },
  ])
  // No provider sees where a judgment comes from, and no collector what it is of.
  expect(provider.requests.some(({ headers }) => 'traceparent' in headers)).toBe(false)
  expect(collector.text()).not.toMatch(/stays here|As the test says|secret|a-key-of/)
}, 60_000)

it('an answer stands in its span where no log is sent, with its analysis only where that is asked for', async () => {
  await using collector = await startOtlpReceiver()
  await using provider = await startProviderServer()
  const { call } = await start(collector.url, provider.baseUrl, {
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  })
  const { body: made } = await call('POST', '/judges', judge)
  await call('POST', `/judges/${made.id}/live-judging`, { messages })
  const [judgment] = await collector.until(({ name }) => name === 'judge Approves')
  expect(judgment?.events).toEqual([
    {
      name: 'gen_ai.evaluation.result',
      attributes: {
        'gen_ai.evaluation.name': 'Approves',
        'gen_ai.evaluation.score.label': 'yes',
        'gen_ai.evaluation.explanation': 'As the test says.',
      },
    },
  ])
  expect(collector.logs).toEqual([])
})

it('a collector that is down or never answers costs no judgment', async () => {
  await using provider = await startProviderServer()
  await using silent = await startProviderServer()
  silent.always({ hangs: true })
  for (const endpoint of ['http://127.0.0.1:9', silent.baseUrl]) {
    const { program, call } = await start(endpoint, provider.baseUrl, { OTEL_EXPORTER_OTLP_TIMEOUT: '500' })
    const { body: made } = await call('POST', '/judges', judge)
    const judged = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', `/judges/${made.id}/live-judging`, { messages })),
    )
    expect(judged.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(await program.end('SIGTERM')).toBe(0)
    expect(program.stderr.match(/telemetry could not be sent/g)).toHaveLength(1)
  }
}, 60_000)
