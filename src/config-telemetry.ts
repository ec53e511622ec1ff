import { ConfigError, type Environment } from './config-setting.ts'

export interface TelemetryConfig {
  readonly exportsTraces: boolean
  readonly exportsLogs: boolean
  /** Whether analyses, which may quote conversations, may leave with traces. */
  readonly capturesContent: boolean
}

/**
 * Whether anything is sent by OpenTelemetry: only where an address is named for it. Everything else of its standard
 * variables is read by its own SDK.
 * @throws ConfigError where a protocol is asked for that it would replace by another
 */
export function readTelemetry(environment: Environment): TelemetryConfig {
  const isOff = isTrue(environment.OTEL_SDK_DISABLED)
  const exports = (signal: 'TRACES' | 'LOGS'): boolean => {
    const endpoint =
      environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || environment.OTEL_EXPORTER_OTLP_ENDPOINT
    const isOn = !isOff && Boolean(endpoint) && environment[`OTEL_${signal}_EXPORTER`] !== 'none'
    if (isOn) checkProtocol(environment, `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`)
    return isOn
  }
  return {
    exportsTraces: exports('TRACES'),
    exportsLogs: exports('LOGS'),
    capturesContent: isTrue(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT),
  }
}

const protocols = ['http/protobuf', 'http/json', 'grpc']

function checkProtocol(environment: Environment, ofSignal: string): void {
  const variable = environment[ofSignal] ? ofSignal : 'OTEL_EXPORTER_OTLP_PROTOCOL'
  const protocol = environment[variable]?.trim()
  if (!protocol || protocols.includes(protocol)) return
  throw new ConfigError(
    `${variable} is ${JSON.stringify(protocol)}; expected one of ${protocols.join(', ')}.`,
  )
}

function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true'
}
