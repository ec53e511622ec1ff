interface Said {
  readonly detail?: { readonly message?: string; readonly error_code?: string | null }
}

/** What the server says went wrong; a status of 0 is one that could not be reached. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: string | null
  readonly retryAfterSeconds: number | undefined

  private constructor(
    message: string,
    told: { status: number; code?: string | null; cause?: unknown; retryAfter?: string | null },
  ) {
    super(message, { cause: told.cause })
    this.status = told.status
    this.code = told.code ?? null
    this.retryAfterSeconds = told.retryAfter ? Number(told.retryAfter) : undefined
  }

  static answered(response: Response, body: unknown): ApiError {
    const { detail } = (typeof body === 'object' && body !== null ? body : {}) as Said
    return new ApiError(detail?.message ?? `The server answered with status ${response.status}.`, {
      status: response.status,
      code: detail?.error_code ?? null,
      retryAfter: response.headers.get('retry-after'),
    })
  }

  static unreachable(cause: unknown): ApiError {
    if (cause instanceof ApiError) return cause
    return new ApiError('The server could not be reached. Is it still running?', { status: 0, cause })
  }

  /** Whether asking again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 503
  }
}
