import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { AssizeError } from '../../errors.ts'
import { type Model, ModelFailure } from '../../judging/model.ts'
import type { Logger } from '../../log.ts'
import type { ListedModel } from '../directory.ts'
import { orAborted } from '../or-aborted.ts'
import { findInCatalogue } from './catalogue.ts'
import type { PulledModel, PullOptions, PullProgress, pullModel } from './download.ts'
import { findInInventory, type LocalModelState, modelsFolder, takeInventory } from './inventory.ts'
import { createLazyLlamaModel } from './lazy-llama-model.ts'
import type { DisposableModel, LlamaModelSettings } from './llama-model.ts'
import { ModelShelf } from './model-shelf.ts'

export interface LocalModels extends AsyncDisposable {
  /**
   * The model of this name (without `local/`), whatever its case; undefined when there is none.
   * @throws AssizeError `model_not_served` when it has to be pulled first.
   */
  find(name: string): Model | undefined
  /** What `find` finds. */
  list(): Promise<readonly ListedModel[]>
  /** Judgments at once in each of them. */
  readonly parallelJudgments: number
  /** The catalogue and the models folder, downloaded or not. */
  inventory(): Promise<readonly LocalModelState[]>
  /** See `pullModel`. */
  pull(name: string, options?: Pick<PullOptions, 'onProgress' | 'signal'>): Promise<PulledModel>
}

export interface LocalModelsSettings {
  readonly dataDir: string
  readonly local: Config['local']
  readonly log: Logger
  /** Sees the download of the tiny model that its first judgment starts. */
  readonly onProgress?: (progress: PullProgress) => void
  readonly pullModel?: typeof pullModel
  readonly createLlamaModel?: (settings: LlamaModelSettings) => DisposableModel
}

/**
 * The models that run in this process: those of the models folder, and the tiny one of the catalogue, which is
 * fetched when it is first needed. Larger ones are never fetched unasked.
 */
export function createLocalModels(settings: LocalModelsSettings): LocalModels {
  return new ModelsInFolder(settings)
}

class ModelsInFolder implements LocalModels {
  readonly parallelJudgments: number
  readonly #settings: LocalModelsSettings
  readonly #folder: string
  readonly #shelf: ModelShelf
  readonly #closing = new AbortController()
  readonly #pulls = new Map<string, Promise<PulledModel>>()

  constructor(settings: LocalModelsSettings) {
    const { dataDir, local, log, createLlamaModel: create = createLazyLlamaModel } = settings
    this.#settings = settings
    this.parallelJudgments = local.parallelJudgments
    this.#folder = modelsFolder(dataDir)
    this.#shelf = new ModelShelf((path) => create({ ...local, path, log }))
  }

  find(name: string): Model | undefined {
    if (!this.#settings.local.isEnabled) return undefined
    const known = findInInventory(takeInventory(this.#folder), name)
    if (known === undefined) return undefined
    const path = join(this.#folder, known.file)
    if (known.downloadedAt !== undefined) {
      return { complete: (request, signal) => this.#shelf.complete(path, request, signal) }
    }
    if (known.purpose !== 'trying_out') throw notPulled(known)
    return {
      complete: async (request, signal) => {
        await orAborted(this.#pullOnce(known.name), signal)
        return this.#shelf.complete(path, request, signal)
      },
    }
  }

  async list(): Promise<readonly ListedModel[]> {
    if (!this.#settings.local.isEnabled) return []
    const served = takeInventory(this.#folder).filter(
      (model) => model.downloadedAt || model.purpose === 'trying_out',
    )
    return served.map((model) => ({
      id: model.name,
      ownedBy: 'local',
      name: model.title,
      maxContextTokens: Math.min(this.#settings.local.contextTokens, model.contextTokens ?? Infinity),
      ...(model.downloadedAt ? { createdAt: model.downloadedAt } : {}),
      ...(model.purpose === 'trying_out'
        ? { description: 'To try things out; too small to judge well.' }
        : {}),
    }))
  }

  async inventory(): Promise<readonly LocalModelState[]> {
    return takeInventory(this.#folder)
  }

  async pull(name: string, options: Pick<PullOptions, 'onProgress' | 'signal'> = {}): Promise<PulledModel> {
    const pull = this.#settings.pullModel ?? (await import('./download.ts')).pullModel
    return pull(name, { ...options, dataDir: this.#settings.dataDir })
  }

  /** Goes on when the judgment that needed the model is given up: the next one will need it too. */
  #pullOnce(name: string): Promise<PulledModel> {
    const running = this.#pulls.get(name)
    if (running) return running
    const pulling = this.#pullVisibly(name).finally(() => this.#pulls.delete(name))
    this.#pulls.set(name, pulling)
    return pulling
  }

  async #pullVisibly(name: string): Promise<PulledModel> {
    const { log, onProgress } = this.#settings
    log.info({ model: name, sizeBytes: findInCatalogue(name)?.sizeBytes }, 'downloading a local model')
    try {
      const pulled = await this.pull(name, {
        signal: this.#closing.signal,
        onProgress: logProgress(log, onProgress),
      })
      log.info({ model: name, path: pulled.path }, 'local model downloaded')
      return pulled
    } catch (error) {
      if (this.#closing.signal.aborted) throw this.#closing.signal.reason
      log.warn({ model: name, err: error }, 'a local model could not be downloaded')
      const message = error instanceof Error ? error.message : String(error)
      throw new ModelFailure('provider_failed', message, { cause: error, isRetryable: false })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ModelFailure('provider_failed', 'The local models are being shut down.'))
    await Promise.allSettled(this.#pulls.values())
    await this.#shelf[Symbol.asyncDispose]()
  }
}

const logEveryMs = 5000

function logProgress(log: Logger, onProgress: PullOptions['onProgress']): (progress: PullProgress) => void {
  let loggedAt = performance.now()
  return (progress) => {
    onProgress?.(progress)
    if (performance.now() - loggedAt < logEveryMs) return
    loggedAt = performance.now()
    log.info(progress, 'downloading a local model')
  }
}

function notPulled(model: LocalModelState): AssizeError {
  const size = `${model.isSizeExact ? '' : 'about '}${(model.sizeBytes / 1e9).toFixed(1)} GB`
  return new AssizeError(
    'model_not_served',
    `The local model ${model.name} is not downloaded. Download it (${size}) with: assize models pull ${model.name}`,
  )
}
