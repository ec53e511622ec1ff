import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Undefined of a root. */
  readonly parentSpanId: string | undefined
  readonly name: string
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly {
    readonly name: string
    readonly attributes: Readonly<Record<string, unknown>>
  }[]
  /** Absent or 0: unset; 2: an error. */
  readonly status: { readonly code?: number; readonly message?: string }
  readonly resource: Readonly<Record<string, unknown>>
}

export interface ReceivedLog {
  readonly traceId: string | undefined
  readonly spanId: string | undefined
  readonly eventName: string | undefined
  readonly severityText: string | undefined
  readonly body: unknown
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Takes what comes as OTLP over HTTP, in JSON. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string
  readonly spans: ReceivedSpan[]
  readonly logs: ReceivedLog[]
  /** All that came, as text. */
  text(): string
  /** Once so many spans have come of which this is true; fails after 15 s. */
  until(isWanted: (span: ReceivedSpan) => boolean, count?: number): Promise<readonly ReceivedSpan[]>
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const logs: ReceivedLog[] = []
  let text = ''
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      text += body
      if (incoming.url === '/v1/traces') spans.push(...readSpans(JSON.parse(body)))
      if (incoming.url === '/v1/logs') logs.push(...readLogs(JSON.parse(body)))
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    logs,
    text: () => text,
    async until(isWanted, count = 1) {
      for (let waitedMs = 0; waitedMs < 15_000; waitedMs += 25) {
        const wanted = spans.filter(isWanted)
        if (wanted.length >= count) return wanted
        await delay(25)
      }
      throw new Error(`Only these spans came: ${spans.map(({ name }) => name).join(', ')}`)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as OTLP writes it
type Json = any

function readSpans({ resourceSpans }: Json): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans.flatMap((scope: Json) =>
      scope.spans.map((span: Json) => ({
        ...span,
        parentSpanId: span.parentSpanId || undefined,
        attributes: readAttributes(span.attributes),
        events: (span.events ?? []).map((event: Json) => ({
          name: event.name,
          attributes: readAttributes(event.attributes),
        })),
        resource: readAttributes(resource.attributes),
      })),
    ),
  )
}

function readLogs({ resourceLogs }: Json): ReceivedLog[] {
  return resourceLogs.flatMap(({ scopeLogs }: Json) =>
    scopeLogs.flatMap(({ logRecords }: Json) =>
      logRecords.map((record: Json) => ({
        ...record,
        traceId: record.traceId || undefined,
        spanId: record.spanId || undefined,
        body: readValue(record.body),
        attributes: readAttributes(record.attributes),
      })),
    ),
  )
}

function readAttributes(attributes: Json = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }: Json) => [key, readValue(value)]))
}

function readValue(value: Json): unknown {
  if (value?.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(readValue)
  if (value?.kvlistValue !== undefined) return readAttributes(value.kvlistValue.values)
  return Object.values(value ?? {})[0]
}
