import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

const hidden = [
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
  'headers.cookie',
  '*.apiKey',
  '*.authorization',
]

/** The one logger: JSON lines on standard error, so that standard output stays the program's own. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      redact: { paths: hidden, censor: '[hidden]' },
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  )
}
