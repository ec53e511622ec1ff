import { randomUUID } from 'node:crypto'
import type { Config } from './config.ts'
import { DeadlinePassed } from './judging/call-model.ts'
import { createJudging, type Deadline, type JudgeMaterial } from './judging/judging.ts'
import type { ModelDirectory } from './judging/model.ts'
import { noTools } from './judging/no-tools.ts'
import type { PriceOf } from './judging/price.ts'
import type { ToolDirectory } from './judging/tool.ts'
import { matchesPattern } from './models/matches-pattern.ts'

/** Judging alone, for callers that keep nothing. */
export function createJudgeMaterial(
  config: Config,
  models: ModelDirectory,
  toolDirectory: ToolDirectory = noTools,
): JudgeMaterial {
  return createJudging({
    models,
    panels: config.panels,
    toolDirectory,
    maxToolRounds: config.judging.maxToolRounds,
    newBoundary,
    elapsedMs: () => performance.now(),
    startDeadline,
    deadlineMs: config.judging.deadlineMs,
    maxOutputTokens: config.judging.maxOutputTokens,
    sampleTemperature: config.judging.sampleTemperature,
  })
}

/** Of the tags around what is judged. */
export function newBoundary(): string {
  return randomUUID().replaceAll('-', '')
}

/** One timer and one listener: `AbortSignal.any` over `AbortSignal.timeout` costs several times as much. */
function startDeadline(deadlineMs: number, abandoned: AbortSignal): Deadline {
  const controller = new AbortController()
  const abandon = (): void => controller.abort(abandoned.reason)
  const timer = setTimeout(() => controller.abort(new DeadlinePassed()), deadlineMs)
  if (abandoned.aborted) abandon()
  else abandoned.addEventListener('abort', abandon)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      abandoned.removeEventListener('abort', abandon)
    },
  }
}

/** What the configuration says of prices; a model in the process costs nothing but where it says so. */
export function createPrices({ prices }: Config): PriceOf {
  return (provider, modelName) => {
    const name = `${provider}/${modelName}`
    const price = prices.find(({ modelPatterns }) => modelPatterns.some((one) => matchesPattern(name, one)))
    return price ?? (provider === 'local' ? { inputPerMillion: 0, outputPerMillion: 0 } : undefined)
  }
}
