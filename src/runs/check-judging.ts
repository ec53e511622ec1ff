import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import type { PriceOf } from '../judging/price.ts'
import { type ToolDirectory, ToolUnavailable } from '../judging/tool.ts'
import { type FindsModels, modelsOf } from './court.ts'
import type { RunCaps } from './run.ts'

export interface CheckTools extends FindsModels {
  readonly toolDirectory: Pick<ToolDirectory, 'open'>
  readonly priceOf: PriceOf
  /** Aborted once a tool that starts has been waited for long enough. */
  readonly waitForTools: () => AbortSignal
}

/**
 * Checks that a run by this definition could judge anything. A tool that can't be reached now may be reached later.
 * @throws AssizeError `model_not_served`, `tool_not_served`; `request_invalid` for a cap on cost without a price
 */
export async function checkJudging(
  definition: Definition,
  { workspaceId, maxCost }: Pick<RunCaps, 'maxCost'> & { readonly workspaceId: string },
  tools: CheckTools,
): Promise<void> {
  const found = modelsOf(definition.modelName, tools)
  if (maxCost !== null) {
    for (const { provider, modelName } of found) {
      if (tools.priceOf(provider, modelName) === undefined) throw withoutPrice(`${provider}/${modelName}`)
    }
  }
  const signal = tools.waitForTools()
  try {
    await tools.toolDirectory.open(definition.tools, workspaceId, signal)
  } catch (error) {
    if (!(error instanceof ToolUnavailable || signal.aborted)) throw error
  }
}

function withoutPrice(name: string): AssizeError {
  return new AssizeError(
    'request_invalid',
    `max_cost: ${name} has no price, so that nobody knows what a judgment costs. Add one under prices to the YAML file that ASSIZE_CONFIG names, as {models: [${JSON.stringify(name)}], input_per_million: ..., output_per_million: ...}; or set max_tokens instead.`,
  )
}
