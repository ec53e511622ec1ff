import type { ModelRequest } from '../judging/model.ts'
import type { ProviderClient } from './provider-client.ts'
import { asksForProbabilities, type RequestForm } from './request-form.ts'

/** What of a request can be left out. */
export type LeftOut = 'temperature' | 'seed' | 'probabilities' | 'max_tokens' | 'system_role' | 'bounds'

/** What a request wants that may be left out. */
export type Wants = Readonly<Record<LeftOut | 'sampling', boolean>>

/** What this request wants, its form aside. */
export function wantsOf({ messages, output, sampling, wantsProbabilities }: ModelRequest): Wants {
  return {
    sampling: sampling !== undefined,
    temperature: true,
    seed: sampling !== undefined,
    probabilities: wantsProbabilities === true,
    max_tokens: true,
    system_role: messages.some(({ role }) => role === 'system'),
    bounds: output.type === 'REGRESSION',
  }
}

/** Names of what is wanted and not sent: the form leaves it out, or the protocol has no word for it. */
export function leftOut(
  wants: Wants,
  form: RequestForm,
  { parameters, tokenLimitNames }: Pick<ProviderClient, 'parameters' | 'tokenLimitNames'>,
): readonly LeftOut[] {
  const hasTemperature = wants.sampling ? form.hasTemperature : form.hasZeroTemperature
  const hasSchema = form.format === 'json_schema' || form.format === 'tool_call'
  const sent: Readonly<Record<LeftOut, boolean>> = {
    temperature: parameters.temperature !== undefined && hasTemperature,
    seed: parameters.seed !== undefined && form.hasSeed,
    probabilities: parameters.probabilities !== undefined && asksForProbabilities(form),
    max_tokens: form.tokenLimit < tokenLimitNames.length,
    system_role: form.hasSystemRole,
    // A form without a schema says by itself that nothing is bounded.
    bounds: !hasSchema || form.hasBounds,
  }
  return leftOutNames.filter((name) => wants[name] && !sent[name])
}

const leftOutNames = ['temperature', 'seed', 'probabilities', 'max_tokens', 'system_role', 'bounds'] as const
