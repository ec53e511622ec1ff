import { expect, it } from 'vitest'
import { readTelemetry } from './config-telemetry.ts'

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }

it.each([
  [{}, false, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false, false],
  [{ OTEL_SERVICE_NAME: 'court', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, false, false],
  [endpoint, true, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }, true, false],
  [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://localhost:4318/v1/logs' }, false, true],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, false, true],
  [{ ...endpoint, OTEL_LOGS_EXPORTER: 'none' }, true, false],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'true' }, false, false],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'false' }, true, true],
])('%j sends traces: %s, logs: %s', (environment, exportsTraces, exportsLogs) => {
  expect(readTelemetry(environment)).toEqual({ exportsTraces, exportsLogs, capturesContent: false })
})

it.each([
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpcs' }, /OTEL_EXPORTER_OTLP_PROTOCOL is "grpcs"; expected one of http/],
  [{ OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'thrift' }, /OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is "thrift"/],
  [{ OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'thrift' }, /OTEL_EXPORTER_OTLP_LOGS_PROTOCOL is "thrift"/],
])('%j is refused where something is sent by it', (environment, message) => {
  expect(() => readTelemetry({ ...endpoint, ...environment })).toThrow(message)
  expect(() => readTelemetry(environment)).not.toThrow()
})

it('content leaves only where that is said', () => {
  const name = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'
  expect(
    ['true', 'TRUE', 'false', '1', ''].map((text) => readTelemetry({ [name]: text }).capturesContent),
  ).toEqual([true, true, false, false, false])
})
