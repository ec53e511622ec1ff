/**
 * How many steps a request meets a model that does not take everything. 0 asks for all there is; no count ever
 * goes down, so that meeting a model comes to an end whatever it answers.
 */
export interface RequestForm {
  /** 0: the answer's JSON schema; 1: any JSON object; 2: plain text. */
  readonly format: 0 | 1 | 2
  /** 1: the schema says nothing of the smallest and the largest number. */
  readonly bounds: 0 | 1
  /** 1: no temperature. */
  readonly temperature: 0 | 1
  /** Names of the token limit that the model refused; past the last one, no limit is sent. */
  readonly tokenLimit: number
  /** 1: no system message; its text opens the user's first one. */
  readonly systemRole: 0 | 1
}

export type Respect = keyof RequestForm

export const strictestForm: RequestForm = {
  format: 0,
  bounds: 0,
  temperature: 0,
  tokenLimit: 0,
  systemRole: 0,
}

export const enforcements = ['json_schema', 'json_object', 'text'] as const

/** The form with one step more in this respect. */
export function yieldIn(form: RequestForm, respect: Respect): RequestForm {
  return { ...form, [respect]: form[respect] + 1 }
}

/** The form that meets a model wherever one of the two does. */
export function meetBoth(one: RequestForm, other: RequestForm): RequestForm {
  if (one === other) return one
  return {
    format: Math.max(one.format, other.format) as RequestForm['format'],
    bounds: one.bounds || other.bounds,
    temperature: one.temperature || other.temperature,
    tokenLimit: Math.max(one.tokenLimit, other.tokenLimit),
    systemRole: one.systemRole || other.systemRole,
  }
}
