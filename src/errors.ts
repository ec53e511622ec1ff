/**
 * Every way in which a call can fail, keyed by situation. `docs/errors.md` lists the same rows; a test
 * holds the two together. `errorCode` values are those of the SDK's `ObservabilityErrorCode`; null where
 * the SDK has none that fits.
 */
export const catalogue = {
  not_authenticated: { status: 401, errorCode: 'AUTH_UNAUTHORIZED' },
  role_forbids: { status: 403, errorCode: 'AUTH_FORBIDDEN' },
  cross_site: { status: 403, errorCode: 'AUTH_FORBIDDEN' },
  too_many_wrong_keys: { status: 429, errorCode: null },
  too_many_requests: { status: 429, errorCode: null },
  budget_spent: { status: 429, errorCode: null },
  request_invalid: { status: 422, errorCode: 'VALIDATION_ERROR' },
  body_too_large: { status: 413, errorCode: 'VALIDATION_ERROR' },
  route_not_found: { status: 404, errorCode: null },
  template_syntax: { status: 400, errorCode: 'TEMPLATE_SYNTAX_ERROR' },
  template_failed: { status: 400, errorCode: 'TEMPLATE_ERROR' },
  judge_not_found: { status: 404, errorCode: 'JUDGE_NOT_FOUND' },
  judge_name_taken: { status: 409, errorCode: 'JUDGE_NAME_ALREADY_EXISTS' },
  judge_unchanged: { status: 409, errorCode: 'JUDGE_DID_NOT_CHANGE' },
  revision_immutable: { status: 409, errorCode: null },
  etag_mismatch: { status: 412, errorCode: null },
  dataset_not_found: { status: 404, errorCode: 'DATASET_NOT_FOUND' },
  dataset_task_not_found: { status: 404, errorCode: 'DATASET_TASK_NOT_FOUND' },
  dataset_record_not_found: { status: 404, errorCode: 'DATASET_RECORD_NOT_FOUND' },
  dataset_record_invalid: { status: 422, errorCode: 'DATASET_RECORD_FORMAT_ERROR' },
  file_not_found: { status: 404, errorCode: null },
  link_expired: { status: 404, errorCode: null },
  feature_not_supported: { status: 400, errorCode: 'FEATURE_NOT_SUPPORTED' },
  run_not_found: { status: 404, errorCode: 'EVALUATION_RUN_NOT_FOUND' },
  run_transition_invalid: { status: 409, errorCode: 'EVALUATION_RUN_TRANSITION_IS_INVALID' },
  key_not_found: { status: 404, errorCode: null },
  last_admin_key: { status: 409, errorCode: null },
  label_not_found: { status: 404, errorCode: null },
  judgment_not_found: { status: 404, errorCode: null },
  conversation_invalid: { status: 422, errorCode: 'JUDGE_CONVERSATION_FORMAT_ERROR' },
  model_not_served: { status: 400, errorCode: 'JUDGE_MISTRAL_API_ERROR' },
  provider_refused: { status: 400, errorCode: 'JUDGE_MISTRAL_API_ERROR' },
  tool_not_served: { status: 400, errorCode: 'FEATURE_NOT_SUPPORTED' },
  provider_failed: { status: 502, errorCode: 'JUDGE_MISTRAL_API_ERROR' },
  no_valid_answer: { status: 502, errorCode: 'JUDGE_MISTRAL_API_ERROR' },
  provider_rate_limits: { status: 429, errorCode: 'JUDGE_MISTRAL_API_ERROR' },
  deadline_passed: { status: 408, errorCode: 'JUDGE_MISTRAL_API_TIMEOUT' },
  database_unavailable: { status: 503, errorCode: 'DATABASE_UNAVAILABLE' },
  unknown: { status: 500, errorCode: 'UNKNOWN_ERROR' },
} as const

export type Situation = keyof typeof catalogue

interface AssizeErrorOptions {
  readonly cause?: unknown
  /** Seconds after which the same call may work. */
  readonly retryAfterSeconds?: number
  /** What is told of a judgment without an answer, where it was asked for; as the error's body spells it. */
  readonly judgmentBody?: Readonly<Record<string, unknown>>
}

/** A failure that the caller is told about: its message says what was wrong, where, and what would be right. */
export class AssizeError extends Error {
  override readonly name = 'AssizeError'
  readonly situation: Situation
  readonly retryAfterSeconds: number | undefined
  readonly judgmentBody: Readonly<Record<string, unknown>> | undefined

  constructor(situation: Situation, message: string, options: AssizeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.situation = situation
    this.retryAfterSeconds = options.retryAfterSeconds
    this.judgmentBody = options.judgmentBody
  }
}
