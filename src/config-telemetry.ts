import type { Environment } from './config-setting.ts'

export interface TelemetryConfig {
  readonly exportsTraces: boolean
  readonly exportsLogs: boolean
  /** Whether analyses, which may quote conversations, may leave with traces. */
  readonly capturesContent: boolean
}

/**
 * Whether anything is sent by OpenTelemetry: only where an address is named for it. Everything else of its standard
 * variables is read by its own SDK.
 */
export function readTelemetry(environment: Environment): TelemetryConfig {
  const isOff = isTrue(environment.OTEL_SDK_DISABLED)
  const exports = (signal: 'TRACES' | 'LOGS'): boolean => {
    const endpoint =
      environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || environment.OTEL_EXPORTER_OTLP_ENDPOINT
    return !isOff && Boolean(endpoint) && environment[`OTEL_${signal}_EXPORTER`] !== 'none'
  }
  return {
    exportsTraces: exports('TRACES'),
    exportsLogs: exports('LOGS'),
    capturesContent: isTrue(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT),
  }
}

function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true'
}
