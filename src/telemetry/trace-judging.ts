import type { Attributes } from '@opentelemetry/api'
import type { JudgeMaterial } from '../judging/judging.ts'
import type { FlaggedJudgment } from '../judging/judgment.ts'
import type { ObservedJudgment } from '../judging/observer.ts'
import { fail, inSpan } from './in-span.ts'

interface JudgingTraces {
  /** Whether analyses, which may quote conversations, are told. */
  readonly tellsAnalyses: boolean
  /** Tells an event of the current span. */
  readonly emit: (name: string, attributes: Attributes) => void
}

/** Judges the same, with a span for each judgment, and what came of it as an event. */
export function traceJudging(
  judgeMaterial: JudgeMaterial,
  source: ObservedJudgment['source'],
  { tellsAnalyses, emit }: JudgingTraces,
): JudgeMaterial {
  return function judgeTraced(definition, ...others) {
    const { name } = definition
    const attributes = { 'assize.judge.name': name, 'assize.judgment.source': source }
    return inSpan({ name: `judge ${name}`, attributes }, async (span) => {
      const judgment = await judgeMaterial(definition, ...others)
      const { account, outcome } = judgment
      span.setAttributes({
        'assize.judgment.outcome': outcome,
        'assize.provider': account.provider,
        'gen_ai.request.model': account.modelName,
        'gen_ai.usage.input_tokens': account.inputTokens,
        'gen_ai.usage.output_tokens': account.outputTokens,
        'assize.judgment.attempts': account.attempts,
        'assize.judgment.flags': [...judgment.flags],
      })
      if (outcome !== 'answered') fail(span, outcome)
      emit('gen_ai.evaluation.result', evaluation(name, judgment, tellsAnalyses))
      return judgment
    })
  }
}

/** See the event `gen_ai.evaluation.result` of OpenTelemetry's GenAI semantic conventions. */
function evaluation(judgeName: string, judgment: FlaggedJudgment, tellsAnalyses: boolean): Attributes {
  const named = { 'gen_ai.evaluation.name': judgeName }
  if (judgment.outcome !== 'answered') return { ...named, 'error.type': judgment.outcome }
  const { answer, analysis } = judgment
  return {
    ...named,
    ...(typeof answer === 'number'
      ? { 'gen_ai.evaluation.score.value': answer }
      : { 'gen_ai.evaluation.score.label': answer }),
    ...(tellsAnalyses && { 'gen_ai.evaluation.explanation': analysis }),
  }
}
