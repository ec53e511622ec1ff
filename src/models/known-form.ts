import type { Enforcement } from '../judging/model.ts'
import { type LeftOut, leftOut } from './left-out.ts'
import type { ProviderClient } from './provider-client.ts'
import type { RequestForm } from './request-form.ts'

/** How a model is asked. */
export interface KnownForm {
  readonly enforcement: Enforcement
  /** What it would not be sent, were it wanted. */
  readonly leftOut: readonly LeftOut[]
}

const everything = {
  sampling: true,
  temperature: true,
  seed: true,
  probabilities: true,
  max_tokens: true,
  system_role: true,
  bounds: true,
}

/** @param form as it was learnt */
export function knownForm(
  form: RequestForm | undefined,
  client: Pick<ProviderClient, 'parameters' | 'tokenLimitNames'>,
): KnownForm | undefined {
  if (form === undefined) return undefined
  // One name for both: where the model refuses either of them, it is named.
  const asked = { ...form, hasTemperature: form.hasTemperature && form.hasZeroTemperature }
  return { enforcement: form.format, leftOut: leftOut(everything, asked, client) }
}
