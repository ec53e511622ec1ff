import { ModelFailure, type ModelRequest } from '../judging/model.ts'
import type { ProviderClient } from './provider-client.ts'
import { ProviderRefusal } from './provider-error.ts'
import type { ProviderWords } from './provider-words.ts'
import { readTokenLimit, type TokenLimit } from './read-token-limit.ts'
import {
  engineFailure,
  nobodySupports,
  notTaken,
  quotedBounds,
  responseFormat,
  schemaBounds,
  strict,
  systemRole,
  thisSchema,
  tools,
} from './refusal-words.ts'
import { asksForProbabilities, type RequestForm, type Respect } from './request-form.ts'

/** What a provider does not take of a request. */
export interface Step {
  readonly respect: Respect
  /** Whether it is about the schema of this output; another one may be taken. */
  readonly isOfThisSchema: boolean
}

export type Refusal = Step | TokenLimit

/** What was sent: a refusal of anything else is no refusal of this. */
export interface Sent {
  readonly request: ModelRequest
  readonly form: RequestForm
  readonly client: Pick<ProviderClient, 'parameters' | 'tokenLimitNames'>
}

/**
 * What a failed call says that the model doesn't take; undefined where it failed for another reason. The words of
 * the provider decide, never the conversation, which `readProviderWords` leaves out of them.
 */
export function readRefusal(error: unknown, sent: Sent): Refusal | undefined {
  if (!(error instanceof ModelFailure) || !(error.cause instanceof ProviderRefusal)) return undefined
  const { status, words } = error.cause
  const isAboutRequest = status === 400 || status === 422
  if (isAboutRequest && (error.kind === 'context_overflow' || error.kind === 'invalid_request')) {
    const limit = limitIn(words, sent)
    if (limit !== undefined || error.kind === 'context_overflow') return limit
    return refusalIn(words, sent)
  }
  // So OpenAI says that a model tells no probabilities.
  if (status === 403 && isOfProbabilities(words, sent)) return ofModel('alternatives')
  if (status === 404 && nobodySupports.test(words.text)) return refusalOfFormat(words, sent)
  const isEngineFailure = error.kind === 'provider_failed' && status >= 500 && engineFailure.test(words.text)
  return isEngineFailure ? (refusalOfRole(words, sent) ?? refusalOfFormat(words, sent)) : undefined
}

/** What providers name when prompt and reply don't fit. */
const ofTokens = /token|messages|prompt|input/i

function limitIn(words: ProviderWords, { form, client, request }: Sent): TokenLimit | undefined {
  const isSent = form.tokenLimit < client.tokenLimitNames.length
  const isOfAnother = words.parameter !== undefined && !ofTokens.test(words.parameter)
  return isSent && !isOfAnother ? readTokenLimit(words.text, request.maxOutputTokens) : undefined
}

function refusalOfRole(words: ProviderWords, { form, request }: Sent): Step | undefined {
  // A model that has called tools took the system message then: it is their results that it has no role for.
  if (request.messages.some(({ role }) => role === 'tool')) return undefined
  const said = `${words.parameter ?? ''} ${words.text}`
  return form.hasSystemRole && systemRole.test(said) ? ofModel('hasSystemRole') : undefined
}

function refusalIn(words: ProviderWords, sent: Sent): Step | undefined {
  const { form, client, request } = sent
  const { temperature = [], seed = [] } = client.parameters
  const named = (names: readonly string[]): boolean => areNamed(names, words)
  const limitName = client.tokenLimitNames[form.tokenLimit]
  if (limitName !== undefined && named([limitName]) && notTaken.test(`${words.codes} ${words.text}`)) {
    return ofModel('tokenLimit')
  }
  const ofTemperature = request.sampling === undefined ? 'hasZeroTemperature' : 'hasTemperature'
  if (form[ofTemperature] && named(temperature)) return ofModel(ofTemperature)
  if (request.sampling !== undefined && form.hasSeed && named(seed)) return ofModel('hasSeed')
  if (isOfProbabilities(words, sent)) return ofModel('alternatives')
  return refusalOfRole(words, sent) ?? refusalOfFormat(words, sent)
}

function isOfProbabilities(words: ProviderWords, { request, form, client }: Sent): boolean {
  const isAsked = request.wantsProbabilities === true && asksForProbabilities(form)
  return isAsked && areNamed(client.parameters.probabilities ?? [], words)
}

function refusalOfFormat(words: ProviderWords, { form, request }: Sent): Step | undefined {
  const said = `${words.parameter ?? ''} ${words.text}`
  // With tools or connectors no form is asked for.
  if (form.format === 'text' || request.tools !== undefined || request.connectors !== undefined)
    return undefined
  const hasSchema = form.format !== 'json_object'
  const isOfSchema = hasSchema && thisSchema.test(said)
  const mayDropBounds = hasSchema && form.hasBounds && request.output.type === 'REGRESSION'
  const isOfFormat = responseFormat.test(said) || (form.format === 'tool_call' && tools.test(said))
  if (mayDropBounds && (isOfFormat ? schemaBounds : quotedBounds).test(said)) return ofModel('hasBounds')
  if (!isOfFormat) return undefined
  if (hasSchema && form.isStrict && strict.test(said)) return ofModel('isStrict')
  // Engines seldom say what it is in a schema that they can't do; bounds are the only unusual thing in it.
  if (mayDropBounds && isOfSchema) return { respect: 'hasBounds', isOfThisSchema: true }
  return { respect: 'format', isOfThisSchema: isOfSchema }
}

function ofModel(respect: Respect): Step {
  return { respect, isOfThisSchema: false }
}

function areNamed(names: readonly string[], { text, parameter }: ProviderWords): boolean {
  return names.some((name) => {
    const isOfAnother = parameter !== undefined && !parameter.split('.').includes(name)
    return new RegExp(`\\b${name}\\b`, 'i').test(isOfAnother ? '' : `${parameter ?? ''} ${text}`)
  })
}
