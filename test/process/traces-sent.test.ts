import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { oddProcess } from '../support/odd-process.ts'
import { startOtlpReceiver } from '../support/otlp-receiver.ts'
import { type ProviderRequest, startProviderServer } from '../support/provider-server.ts'
import { node } from './running-program.ts'
import { judge, messages, start } from './traced-program.ts'

const callersTrace = '0af7651916cd43dd8448eb211c80319c'
const ofCaller = {
  traceparent: `00-${callersTrace}-b7ad6b7169203331-01`,
  tracestate: 'vendor=of-the-caller',
  baggage: 'user=somebody',
}

/** A configuration file, gone after the test. */
async function configFile(settings: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assize-traces-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'assize.yaml')
  await writeFile(path, stringify(settings))
  return path
}

it('a provider that is to be told is told which span a call belongs to, and nothing else', async () => {
  await using collector = await startOtlpReceiver()
  await using told = await startProviderServer()
  await using untold = await startProviderServer()
  const entry = { type: 'openai', base_url: told.baseUrl, propagate_trace: true }
  const messagesApi = { type: 'anthropic', base_url: `${told.baseUrl}/messages-api`, propagate_trace: true }
  const ASSIZE_CONFIG = await configFile({ providers: { told: entry, claude: messagesApi } })
  const { call } = await start(collector.url, untold.baseUrl, { ASSIZE_CONFIG })
  for (const [name, model] of [
    ['Is told', 'told/small'],
    ['Is told too', 'claude/small'],
    ['Is not told', 'openai/small'],
  ]) {
    const { body: made } = await call('POST', '/judges', { ...judge, name, model_name: model })
    await call('POST', `/judges/${made.id}/live-judging`, { messages }, ofCaller)
  }
  const isChat = ({ name, traceId }: { name: string; traceId: string }) =>
    name === 'chat small' && traceId === callersTrace
  const chats = await collector.until(isChat, 3)
  const spansOf = (provider: string) =>
    chats.filter(({ attributes }) => attributes['assize.provider'] === provider).map(({ spanId }) => spanId)
  for (const [path, provider] of [
    ['/chat/completions', 'told'],
    ['/messages-api', 'claude'],
  ] as const) {
    const [request] = told.requests.filter((one) => one.path.includes(path))
    expect(request?.headers.traceparent).toBe(`00-${callersTrace}-${spansOf(provider)[0]}-01`)
    expect(request?.headers).not.toHaveProperty('tracestate')
    expect(request?.headers).not.toHaveProperty('baggage')
  }
  expect(untold.requests.length).toBeGreaterThan(0)
  for (const { headers } of untold.requests) expect(headers).not.toHaveProperty('traceparent')
}, 60_000)

it('no provider is told of a trace where none is sent', async () => {
  await using provider = await startProviderServer()
  const entry = { type: 'openai', base_url: provider.baseUrl, propagate_trace: true }
  const ASSIZE_CONFIG = await configFile({ providers: { told: entry } })
  const { call } = await start('', provider.baseUrl, { ASSIZE_CONFIG })
  const { body: made } = await call('POST', '/judges', { ...judge, model_name: 'told/small' })
  const judged = await call('POST', `/judges/${made.id}/live-judging`, { messages }, ofCaller)
  expect(judged.status).toBe(200)
  for (const { headers } of provider.requests) expect(headers).not.toHaveProperty('traceparent')
}, 60_000)

it('each call of a tool is a span below its judgment, without arguments and results', async () => {
  await using collector = await startOtlpReceiver()
  await using provider = await startProviderServer()
  const odd = oddProcess()
  const [program = ''] = odd.tool.args
  const mcp = { command: node, args: [program], env: odd.tool.environment }
  const ASSIZE_CONFIG = await configFile({ tools: { odd: { mcp } } })
  const { call } = await start(collector.url, provider.baseUrl, { ASSIZE_CONFIG })
  const made = await call('POST', '/judges', { ...judge, tools: ['odd.wait', 'odd.fail'] })
  provider.script(callEachTool)
  const judged = await call('POST', `/judges/${made.body.id}/live-judging`, { messages })
  expect(judged).toMatchObject({ status: 200, body: { answer: 'yes' } })
  const spans = await collector.until(({ name }) => name.startsWith('execute_tool '), 2)
  const [judgment] = await collector.until(({ name }) => name === 'judge Approves')
  const failed = spans.find(({ attributes }) => attributes['assize.tool'] === 'odd.fail')
  const waited = spans.find(({ attributes }) => attributes['assize.tool'] === 'odd.wait')
  for (const span of [failed, waited]) {
    expect(span).toMatchObject({
      kind: 1,
      parentSpanId: judgment?.spanId,
      traceId: judgment?.traceId,
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.type': 'function' },
    })
    expect(span?.name).toBe(`execute_tool ${span?.attributes['gen_ai.tool.name']}`)
  }
  expect(failed).toMatchObject({ attributes: { 'error.type': 'tool_error' }, status: { code: 2 } })
  expect(waited?.attributes).not.toHaveProperty('error.type')
  expect(waited?.status.code ?? 0).toBe(0)
  const chats = await collector.until(({ name }) => name.startsWith('chat '), 2)
  expect(chats.map(({ attributes }) => attributes['gen_ai.response.finish_reasons'])).toContainEqual([
    'tool_call',
  ])
  expect(collector.text()).not.toMatch(/waited|It did not work|\\"ms/)
}, 60_000)

function callEachTool({ body }: ProviderRequest) {
  const tool_calls = body.tools.map((tool: { function: { name: string } }, index: number) => {
    const { name } = tool.function
    const given = name.endsWith('wait') ? '{"ms": 171}' : '{}'
    return { id: `call${index}`, type: 'function', function: { name, arguments: given } }
  })
  return { body: { choices: [{ message: { content: null, tool_calls }, finish_reason: 'tool_calls' }] } }
}

it.each([
  ['http/protobuf', 'application/x-protobuf', '/v1/traces'],
  ['grpc', 'application/grpc', '/opentelemetry.proto.collector.trace.v1.TraceService/Export'],
] as const)('%s is spoken, too', async (protocol, contentType, path) => {
  await using provider = await startProviderServer()
  const { url, received } = protocol === 'grpc' ? await takeGrpc() : await takeHttp()
  const { call, program } = await start(url, provider.baseUrl, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol })
  const { body: made } = await call('POST', '/judges', judge)
  await call('POST', `/judges/${made.id}/live-judging`, { messages })
  const ofSpans = () => received.filter((one) => one.path === path)
  // Protocol buffers hold texts as they are.
  await expect
    .poll(
      () =>
        ofSpans()
          .map(({ text }) => text)
          .join(''),
      { timeout: 15_000 },
    )
    .toContain('judge Approves')
  expect(ofSpans()[0]?.contentType).toContain(contentType)
  expect(await program.end('SIGTERM')).toBe(0)
  expect(program.stderr).not.toContain('telemetry could not be sent')
})

interface Received {
  readonly path: string | undefined
  readonly contentType: string | undefined
  readonly text: string
}

async function takeHttp(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createHttpServer(async (incoming, outgoing) => {
    const { url: path, headers } = incoming
    received.push({ path, contentType: headers['content-type'], text: await textOf(incoming) })
    outgoing.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

async function takeGrpc(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createHttp2Server()
  server.on('stream', async (stream, headers) => {
    const { ':path': path, 'content-type': contentType } = headers
    received.push({ path, contentType, text: await textOf(stream) })
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    // A message of no bytes.
    stream.end(Buffer.alloc(5))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}
