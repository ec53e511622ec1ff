import { isDeepStrictEqual } from 'node:util'
import { createJudgeMaterial, createPrices } from './assize-judging.ts'
import { createModels } from './assize-models.ts'
import { createTools } from './assize-tools.ts'
import type { Config } from './config.ts'
import type { JudgeMaterial } from './judging/judging.ts'
import type { FoundModel } from './judging/model.ts'
import { findPanel } from './judging/panel.ts'
import type { PriceOf } from './judging/price.ts'
import { createLog } from './log.ts'

/** What judges of one program judge with. */
export interface SharedJudging extends AsyncDisposable {
  readonly judgeMaterial: JudgeMaterial
  readonly priceOf: PriceOf
  /** The one model that a judge asks, or those of its panel. Throws AssizeError `model_not_served`. */
  findModels(modelName: string): readonly FoundModel[]
}

interface Opened extends Omit<SharedJudging, typeof Symbol.asyncDispose> {
  readonly config: Config
  readonly resources: AsyncDisposableStack
  users: number
}

/** Those that are in use. */
const opened = new Set<Opened>()

/**
 * Judges with the same configuration share connections, and with them the limit on calls to each provider. What they
 * share is closed with the last of them.
 */
export function shareJudging(config: Config): SharedJudging {
  const shared = [...opened].find((one) => isDeepStrictEqual(one.config, config)) ?? open(config)
  opened.add(shared)
  shared.users += 1
  let isUser = true
  return {
    judgeMaterial: shared.judgeMaterial,
    priceOf: shared.priceOf,
    findModels: shared.findModels,
    async [Symbol.asyncDispose]() {
      if (!isUser) return
      isUser = false
      shared.users -= 1
      if (shared.users > 0) return
      opened.delete(shared)
      await shared.resources.disposeAsync()
    },
  }
}

function open(config: Config): Opened {
  const resources = new AsyncDisposableStack()
  const log = createLog('warn')
  const models = resources.use(createModels(config, log))
  const tools = resources.use(createTools(config, log))
  return {
    config,
    resources,
    users: 0,
    judgeMaterial: createJudgeMaterial(config, models, tools),
    priceOf: createPrices(config),
    findModels(modelName) {
      const { modelNames } = findPanel(config.panels, modelName) ?? { modelNames: [modelName] }
      return modelNames.map((name) => models.find(name))
    },
  }
}
