import { ModelFailure } from '../judging/model.ts'
import { ProviderRefusal } from './provider-error.ts'
import type { ProviderWords } from './provider-words.ts'
import type { RequestForm, Respect } from './request-form.ts'

/** What a provider does not take of a request. */
export interface Refusal {
  readonly respect: Respect
  /** Whether it is about the schema of this output; another one may be taken. */
  readonly isOfThisSchema: boolean
}

/** What was sent: a refusal of anything else is no refusal of this. */
export interface Sent {
  readonly form: RequestForm
  readonly tokenLimitNames: readonly string[]
  readonly hasBounds: boolean
}

const notTaken =
  /not support|unsupported|unrecognized|unknown|unexpected|extra (?:inputs|fields)|not (?:permitted|allowed)|deprecated|extra_forbidden|\buse ['"`]?max_/i
const systemRole =
  /system role (?:is )?not supported|roles must alternate|does not support ['"]?system|only user and assistant roles/i
const schemaBounds = /\b(?:minimum|maximum)\b/
/** Elsewhere the two are words like any other. */
const quotedBounds = /['"`](?:minimum|maximum)['"`]/
/** Also what the servers' own engines call it: vLLM, llama.cpp and Ollama make a grammar of a schema. */
const format =
  /response[_ ]?format|json[_ ]?schema|json[_ ]?(?:object|mode)|structured[_ ]?outputs?|guided[_ ]?(?:decoding|json|grammar)|grammar|required for format|output_config\.format|text\.format|invalid schema/i
const thisSchema =
  /invalid schema|\bschema (?:contains|exceeds|conversion)|into a (?:grammar|regex)|pars(?:e|ing) grammar|grammar error|\benum\b|too complex|repetitions/i
/** Servers that run the model themselves answer 500 where their engine or the model's template can't do it. */
const engineFailure = /grammar|required for format|schema|system role|roles must alternate/i

/**
 * What a failed call says that the model doesn't take; undefined where it failed for another reason. The words of
 * the provider decide, never the conversation, which `readProviderWords` leaves out of them.
 */
export function readRefusal(error: unknown, sent: Sent): Refusal | undefined {
  if (!(error instanceof ModelFailure) || !(error.cause instanceof ProviderRefusal)) return undefined
  const { status, words } = error.cause
  if (error.kind === 'invalid_request' && (status === 400 || status === 422)) return refusalIn(words, sent)
  const isEngineFailure = error.kind === 'provider_failed' && status >= 500 && engineFailure.test(words.text)
  return isEngineFailure ? (refusalOfRole(words, sent) ?? refusalOfFormat(words, sent)) : undefined
}

function refusalOfRole(words: ProviderWords, { form }: Sent): Refusal | undefined {
  if (form.systemRole === 1 || !systemRole.test(words.text)) return undefined
  return { respect: 'systemRole', isOfThisSchema: false }
}

function refusalIn(words: ProviderWords, sent: Sent): Refusal | undefined {
  const { form, tokenLimitNames } = sent
  const named = (name: string): boolean => isNamed(name, words)
  const limitName = tokenLimitNames[form.tokenLimit]
  if (limitName !== undefined && named(limitName) && notTaken.test(`${words.codes} ${words.text}`)) {
    return { respect: 'tokenLimit', isOfThisSchema: false }
  }
  if (form.temperature === 0 && named('temperature')) {
    return { respect: 'temperature', isOfThisSchema: false }
  }
  return refusalOfRole(words, sent) ?? refusalOfFormat(words, sent)
}

function refusalOfFormat(words: ProviderWords, { form, hasBounds }: Sent): Refusal | undefined {
  const said = `${words.parameter ?? ''} ${words.text}`
  if (form.format === 2) return undefined
  const isOfSchema = thisSchema.test(said)
  const mayDropBounds = form.format === 0 && form.bounds === 0 && hasBounds
  const isOfFormat = format.test(said)
  if (mayDropBounds && (isOfFormat ? schemaBounds : quotedBounds).test(said)) {
    return { respect: 'bounds', isOfThisSchema: false }
  }
  if (!isOfFormat) return undefined
  // Engines seldom say what it is in a schema that they can't do; bounds are the only unusual thing in it.
  if (mayDropBounds && isOfSchema) return { respect: 'bounds', isOfThisSchema: true }
  return { respect: 'format', isOfThisSchema: isOfSchema && form.format === 0 }
}

function isNamed(name: string, { text, parameter }: ProviderWords): boolean {
  const isOfAnother = parameter !== undefined && !parameter.split('.').includes(name)
  return new RegExp(`\\b${name}\\b`, 'i').test(isOfAnother ? '' : `${parameter ?? ''} ${text}`)
}
