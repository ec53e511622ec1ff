import type { Io } from './commands.ts'

const showEveryMs = 100

/** Shows on a terminal how much of a database is copied; elsewhere nothing. */
export function copyProgress({ stderr }: Pick<Io, 'stderr'>): (copied: number, total: number) => void {
  if (!stderr.isTTY) return () => {}
  let shownAtMs = 0
  return (copied, total) => {
    const nowMs = performance.now()
    if (nowMs - shownAtMs < showEveryMs) return
    shownAtMs = nowMs
    stderr.write(`\r\u001b[K${Math.floor((100 * copied) / Math.max(total, 1))}% copied`)
  }
}

/** Takes the line of the progress away. */
export function endProgress({ stderr }: Pick<Io, 'stderr'>): void {
  if (stderr.isTTY) stderr.write('\r\u001b[K')
}
