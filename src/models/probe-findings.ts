import { ModelFailure, type ModelReply } from '../judging/model.ts'
import type { LeftOut } from './left-out.ts'
import type { Finding, ProbeResults } from './probe-model.ts'
import { ProviderRefusal } from './provider-error.ts'
import { asksForProbabilities, type Format, formats, type Respect } from './request-form.ts'
import type { StructuredReply } from './structured-reply.ts'

/** What became of each way to enforce the answer's form. */
export function findRungs(results: ProbeResults): readonly Finding[] {
  const { client, refused, classification, lower } = results
  return formats.map((format) => {
    if (!client.formats.includes(format)) return { what: format, state: 'absent' }
    const said = refused.get(format)
    if (said !== undefined) return { what: format, state: 'refused', said }
    const reply = format === classification.form.format ? classification : lower.get(format)
    return findRung(format, reply, results)
  })
}

function findRung(
  format: Format,
  reply: Omit<ModelReply, 'attempts'> | ModelFailure | undefined,
  { isReadable }: ProbeResults,
): Finding {
  if (reply === undefined) return { what: format, state: 'failed', said: 'was not asked' }
  if (reply instanceof ModelFailure) {
    return {
      what: format,
      state: reply.kind === 'invalid_request' ? 'refused' : 'failed',
      said: wordsOf(reply),
    }
  }
  if (reply.enforcement !== format) return { what: format, state: 'ignored', said: 'plain text came' }
  if (isReadable(reply.text)) return { what: format, state: 'works' }
  return { what: format, state: 'unreadable', said: `no judgment came (${reply.finish})` }
}

/** What became of each parameter. */
export function findParameters(results: ProbeResults): readonly Finding[] {
  const { client, classification, regression, sampled } = results
  const { temperature, seed } = client.parameters
  const find = (what: string, respect: Respect, name: LeftOut, reply: ModelReply | ModelFailure): Finding =>
    parameterFinding(what, results.refused.get(respect), name, reply)
  return [
    temperature
      ? find('temperature 0', 'hasZeroTemperature', 'temperature', classification)
      : absent('temperature 0'),
    temperature
      ? find('temperature above 0', 'hasTemperature', 'temperature', sampled)
      : absent('temperature above 0'),
    seed ? find('seed', 'hasSeed', 'seed', sampled) : absent('seed'),
    findProbabilities(results),
    hasSchema(regression)
      ? find('bounds of a number', 'hasBounds', 'bounds', regression)
      : { ...absent('bounds of a number'), said: 'none without a schema' },
    find('system role', 'hasSystemRole', 'system_role', classification),
    ...findTokenLimit(results),
    findTools(results),
  ]
}

function hasSchema(reply: StructuredReply | ModelFailure): boolean {
  return reply instanceof ModelFailure || ['json_schema', 'tool_call'].includes(reply.form.format)
}

function parameterFinding(
  what: string,
  refused: string | undefined,
  name: LeftOut,
  reply: ModelReply | ModelFailure,
): Finding {
  if (refused !== undefined) return { what, state: 'refused', said: refused }
  if (reply instanceof ModelFailure) return { what, state: 'failed', said: wordsOf(reply) }
  return { what, state: reply.leftOut?.includes(name) ? 'refused' : 'works' }
}

function findProbabilities({ client, refused, weighed, form }: ProbeResults): Finding {
  const what = 'probabilities'
  if (client.parameters.probabilities === undefined) return absent(what)
  const said = refused.get('alternatives')
  if (form.alternatives === 0 && said !== undefined) return { what, state: 'refused', said }
  if (weighed instanceof ModelFailure) return { what, state: 'failed', said: wordsOf(weighed) }
  if (!asksForProbabilities(form)) return { what, state: 'absent', said: 'none of a tool call' }
  if (weighed.leftOut?.includes('probabilities')) return { what, state: 'refused' }
  if (weighed.tokens === undefined) return { what, state: 'ignored', said: 'none came' }
  return { what, state: 'works', said: `of ${form.alternatives} tokens` }
}

function findTokenLimit({ client, refused, form }: ProbeResults): readonly Finding[] {
  const most = form.mostOutputTokens === undefined ? {} : { said: `at most ${form.mostOutputTokens}` }
  return client.tokenLimitNames.slice(0, form.tokenLimit + 1).map((what): Finding => {
    const said = refused.get(what)
    return said === undefined ? { what, state: 'works', ...most } : { what, state: 'refused', said }
  })
}

function findTools({ calling }: ProbeResults): Finding {
  const what = 'tools'
  if (calling instanceof ModelFailure) {
    return {
      what,
      state: calling.kind === 'invalid_request' ? 'refused' : 'failed',
      said: wordsOf(calling),
    }
  }
  if (calling.toolCalls !== undefined) return { what, state: 'works' }
  return { what, state: 'ignored', said: `none was called (${calling.finish})` }
}

function absent(what: string): Finding {
  return { what, state: 'absent' }
}

/** What the provider itself said. */
export function wordsOf(failure: ModelFailure): string {
  const words = failure.cause instanceof ProviderRefusal ? failure.cause.words.text : ''
  return words === '' ? failure.message : words
}
