import { ModelFailure, type ModelRequest } from '../judging/model.ts'
import type { ProviderClient } from './provider-client.ts'
import { ProviderRefusal } from './provider-error.ts'
import type { ProviderWords } from './provider-words.ts'
import { asksForProbabilities, type RequestForm, type Respect } from './request-form.ts'

/** What a provider does not take of a request. */
export interface Refusal {
  readonly respect: Respect
  /** Whether it is about the schema of this output; another one may be taken. */
  readonly isOfThisSchema: boolean
}

/** What was sent: a refusal of anything else is no refusal of this. */
export interface Sent {
  readonly request: ModelRequest
  readonly form: RequestForm
  readonly client: Pick<ProviderClient, 'parameters' | 'tokenLimitNames'>
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
const tools = new RegExp(
  `\\b(?:tools?|tool_choice|tool calling|tool use|functions?|function calling)\\b|tool-call-parser|${format.source}`,
  'i',
)
const strict = /['"`.]strict\b/
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
  if (!form.hasSystemRole || !systemRole.test(words.text)) return undefined
  return { respect: 'hasSystemRole', isOfThisSchema: false }
}

function refusalIn(words: ProviderWords, sent: Sent): Refusal | undefined {
  const { form, client, request } = sent
  const { temperature = [], seed = [], probabilities = [] } = client.parameters
  const named = (names: readonly string[]): boolean => names.some((name) => isNamed(name, words))
  const ofModel = (respect: Respect): Refusal => ({ respect, isOfThisSchema: false })
  const limitName = client.tokenLimitNames[form.tokenLimit]
  if (limitName !== undefined && named([limitName]) && notTaken.test(`${words.codes} ${words.text}`)) {
    return ofModel('tokenLimit')
  }
  const ofTemperature = request.sampling === undefined ? 'hasZeroTemperature' : 'hasTemperature'
  if (form[ofTemperature] && named(temperature)) return ofModel(ofTemperature)
  if (request.sampling !== undefined && form.hasSeed && named(seed)) return ofModel('hasSeed')
  if (request.wantsProbabilities && asksForProbabilities(form) && named(probabilities)) {
    return ofModel('alternatives')
  }
  return refusalOfRole(words, sent) ?? refusalOfFormat(words, sent)
}

function refusalOfFormat(words: ProviderWords, { form, request }: Sent): Refusal | undefined {
  const said = `${words.parameter ?? ''} ${words.text}`
  if (form.format === 'text') return undefined
  const hasSchema = form.format !== 'json_object'
  const isOfSchema = thisSchema.test(said)
  const mayDropBounds = hasSchema && form.hasBounds && request.output.type === 'REGRESSION'
  const isOfFormat = (form.format === 'tool_call' ? tools : format).test(said)
  if (mayDropBounds && (isOfFormat ? schemaBounds : quotedBounds).test(said)) {
    return { respect: 'hasBounds', isOfThisSchema: false }
  }
  if (!isOfFormat) return undefined
  if (hasSchema && form.isStrict && strict.test(said)) return { respect: 'isStrict', isOfThisSchema: false }
  // Engines seldom say what it is in a schema that they can't do; bounds are the only unusual thing in it.
  if (mayDropBounds && isOfSchema) return { respect: 'hasBounds', isOfThisSchema: true }
  return { respect: 'format', isOfThisSchema: isOfSchema && hasSchema }
}

function isNamed(name: string, { text, parameter }: ProviderWords): boolean {
  const isOfAnother = parameter !== undefined && !parameter.split('.').includes(name)
  return new RegExp(`\\b${name}\\b`, 'i').test(isOfAnother ? '' : `${parameter ?? ''} ${text}`)
}
