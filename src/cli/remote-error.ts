interface RemoteErrorOptions {
  readonly cause?: unknown
  /** Of the answer; left out where none came. */
  readonly status?: number
  readonly errorCode?: string | null
}

/** A call to a server that failed: the message says which server, which call and why. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError'
  /** Undefined where no whole answer came. */
  readonly status: number | undefined
  /** As the server's error body has it. */
  readonly errorCode: string | null

  constructor(message: string, { cause, status, errorCode = null }: RemoteErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
    this.errorCode = errorCode
  }
}
