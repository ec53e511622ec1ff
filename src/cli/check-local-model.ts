import { type Model, ModelFailure, type ModelReply, type ModelRequest } from '../judging/model.ts'
import type { CheckMaterial } from './check-material.ts'
import type { CheckFinding } from './check-model.ts'

/** What a model of this process does of what could be asked: it takes every request, so that its replies tell. */
export async function checkLocalModel(
  model: Model,
  { classification, calling, sampling, isReadable }: CheckMaterial,
  onStep: (what: string) => void,
  signal: AbortSignal,
): Promise<readonly CheckFinding[]> {
  const ask = async (what: string, request: ModelRequest): Promise<ModelReply | ModelFailure> => {
    onStep(what)
    try {
      return await model.complete(request, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ModelFailure) return error
      throw error
    }
  }
  const sampled = await ask('a temperature and a seed', { ...classification, sampling })
  const weighed = await ask('probabilities', { ...classification, wantsProbabilities: true })
  const called = await ask('a call of a tool', calling)
  const find = (
    what: string,
    reply: ModelReply | ModelFailure,
    isDone: (reply: ModelReply) => boolean,
    otherwise: CheckFinding['state'] = 'ignored',
  ): CheckFinding => {
    if (reply instanceof ModelFailure) return { what, state: 'failed', said: reply.message }
    return { what, state: isDone(reply) ? 'works' : otherwise }
  }
  const isJudgment = ({ enforcement, text }: ModelReply) => enforcement === 'grammar' && isReadable(text)
  return [
    find('grammar', sampled, isJudgment, 'unreadable'),
    find('temperature above 0', sampled, ({ leftOut }) => !leftOut?.includes('temperature')),
    find('seed', sampled, ({ leftOut }) => !leftOut?.includes('seed')),
    find('probabilities', weighed, ({ tokens, optionProbabilities }) => !!(tokens ?? optionProbabilities)),
    find('tools', called, ({ toolCalls }) => toolCalls !== undefined),
  ]
}
