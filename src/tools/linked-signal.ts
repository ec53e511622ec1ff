/** A signal that follows another until it is disposed of: libraries leave their listeners on the signals they get. */
export interface LinkedSignal extends Disposable {
  readonly signal: AbortSignal
  /** Aborts this signal alone. */
  abort(reason: unknown): void
}

export function linkedSignal(signal: AbortSignal): LinkedSignal {
  const controller = new AbortController()
  const follow = (): void => controller.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow)
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => signal.removeEventListener('abort', follow),
  }
}
