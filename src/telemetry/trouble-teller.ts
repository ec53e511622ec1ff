import { type DiagLogger, diag } from '@opentelemetry/api'

const quietMs = 60_000

/** Has it told that something could not be sent, at most once a minute: it may be so for every batch. */
export function tellTrouble(onTrouble: (reason: string) => void): void {
  let quietUntilMs = Number.NEGATIVE_INFINITY
  const error = (reason: string): void => {
    if (performance.now() < quietUntilMs) return
    quietUntilMs = performance.now() + quietMs
    onTrouble(messageOf(reason))
  }
  const ignore = (): void => undefined
  const logger: DiagLogger = { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, { suppressOverrideMessage: true })
}

/** Failures come as JSON with their stack. */
function messageOf(reason: string): string {
  try {
    return String(JSON.parse(reason).message ?? reason)
  } catch {
    return reason
  }
}
