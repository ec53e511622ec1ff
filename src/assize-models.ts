import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config, ProviderConfig } from './config.ts'
import type { ModelList } from './http/models.ts'
import type { ModelDirectory } from './judging/model.ts'
import type { LessonStore } from './judging/model-lessons.ts'
import type { Observer } from './judging/observer.ts'
import { panelModelName } from './judging/panel.ts'
import type { LimitStore } from './judging/provider-limits.ts'
import type { Logger } from './log.ts'
import { Directory } from './models/directory.ts'
import { createHostedProvider } from './models/hosted-provider.ts'
import { LessonBook } from './models/lesson-book.ts'
import type { PullOptions } from './models/local/download.ts'
import { createLocalModels, type LocalModels } from './models/local/local-models.ts'
import { ProcessLimits } from './models/process-limits.ts'
import { SharedLimit } from './models/shared-limit.ts'

/** All models that this program can serve. */
export type ServedModels = ModelDirectory &
  ModelList &
  AsyncDisposable &
  Partial<Pick<Directory, 'callsAllowed'>>

export type OnPullProgress = NonNullable<PullOptions['onProgress']>

/** Served models, and the local ones that could be fetched; hosted ones can be probed. */
export type ManagedModels = ServedModels & Pick<LocalModels, 'inventory' | 'pull'> & Pick<Directory, 'probe'>

interface ModelsSettings {
  /** Keeps what is learnt of models over restarts. */
  readonly lessons?: LessonStore
  /** Where the processes meet that share limits of providers; absent: this process has them for itself. */
  readonly limits?: LimitStore
  readonly onProgress?: OnPullProgress
  /** Told of each call to a provider. */
  readonly observer?: Pick<Observer, 'onCall'>
  /** What providers are told of traces, those that are told. */
  readonly traceHeaders?: (() => Readonly<Record<string, string>>) | undefined
}

/** The providers of the configuration, and the models of this process. */
export function createModels(config: Config, log: Logger, settings: ModelsSettings = {}): ManagedModels {
  const lessons = new LessonBook({ ...(settings.lessons && { store: settings.lessons }), log })
  const sharedLimitOf = createSharedLimits(settings.limits, log)
  const providers = config.providers.map((provider) =>
    createHostedProvider(provider, config.secrets.providerKeys.get(provider.name), {
      ...config.judging,
      lessons,
      sharedLimit: sharedLimitOf(provider),
      traceHeaders: settings.traceHeaders,
      ...(settings.observer && { observer: settings.observer }),
    }),
  )
  const local = createLocalModels({
    dataDir: config.dataDir,
    local: config.local,
    log,
    ...(settings.onProgress && { onProgress: settings.onProgress }),
  })
  const directory = new Directory(providers, config.local.isEnabled ? local : undefined)
  return {
    find: (modelName) => directory.find(modelName),
    list: (signal) => directory.list(signal),
    callsAllowed: () => directory.callsAllowed(),
    probe: (found, material, signal) => directory.probe(found, material, signal),
    inventory: () => local.inventory(),
    pull: (name, options) => local.pull(name, options),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]()
      await lessons[Symbol.asyncDispose]()
    },
  }
}

function createSharedLimits(
  store: LimitStore = new ProcessLimits(),
  log: Logger,
): (provider: ProviderConfig) => SharedLimit | undefined {
  const processId = randomUUID()
  return ({ name, limits }) =>
    limits &&
    new SharedLimit({
      provider: name,
      limits,
      store,
      processId,
      elapsedMs: () => performance.now(),
      pause: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
      onFailure: (err) =>
        log.warn({ err, provider: name }, 'the limits of a provider could not be looked up'),
    })
}

/** A judge can name a panel where it can name a model. */
export function withPanels(models: ModelList, panels: Config['panels']): ModelList {
  const listed = panels.map((panel) => ({
    id: panelModelName(panel),
    ownedBy: 'panel',
    name: panel.name,
    description: `A panel of ${panel.modelNames.join(', ')}.`,
  }))
  return { list: async (signal) => [...(await models.list(signal)), ...listed] }
}
