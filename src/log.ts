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

/** What goes with each line, where somebody follows what is done. */
export interface LogCompanion {
  /** Further fields of a line, at the moment when it is written. */
  readonly fields: () => object
  /** Is given each line too. */
  readonly write?: (line: string) => void
}

/** The one logger: JSON lines on standard error, so that standard output stays the program's own. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
  companion?: LogCompanion,
): Logger {
  const { fields, write } = companion ?? {}
  return pino(
    {
      level,
      redact: { paths: hidden, censor: '[hidden]' },
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      ...(fields && { mixin: fields }),
    },
    write === undefined ? destination : both(destination, write),
  )
}

function both(destination: DestinationStream, write: (line: string) => void): DestinationStream {
  return {
    write(line) {
      destination.write(line)
      write(line)
    },
  }
}
