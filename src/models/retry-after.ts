type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * How long a provider asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date.
 * @param nowMs the clock, for a date
 * @returns milliseconds from now, at least 0; undefined where nothing is asked, or nothing that can be read
 */
export function retryAfterMs(headers: Headers, nowMs: number = Date.now()): number | undefined {
  const ms = readNumber(headers['retry-after-ms'])
  if (ms !== undefined) return ms
  const seconds = readNumber(headers['retry-after'])
  if (seconds !== undefined) return seconds * 1000
  const date = first(headers['retry-after'])
  const atMs = /[a-z]/i.test(date) ? Date.parse(date) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

function readNumber(header: string | string[] | undefined): number | undefined {
  const text = first(header).trim()
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined
}

function first(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? ''
}
