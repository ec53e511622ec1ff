import { setTimeout as delay } from 'node:timers/promises'

/** Waits, and keeps no process alive by it; ends at once, without an error, where nobody waits any more. */
export async function pause(ms: number, ended?: AbortSignal): Promise<void> {
  await delay(ms, undefined, { ...(ended && { signal: ended }), ref: false }).catch(() => {})
}
