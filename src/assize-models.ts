import type { Config } from './config.ts'
import type { ModelList } from './http/models.ts'
import type { ModelDirectory } from './judging/model.ts'
import type { LessonStore } from './judging/model-lessons.ts'
import type { Logger } from './log.ts'
import { Directory } from './models/directory.ts'
import { createHostedProvider } from './models/hosted-provider.ts'
import { LessonBook } from './models/lesson-book.ts'
import type { PullOptions } from './models/local/download.ts'
import { createLocalModels, type LocalModels } from './models/local/local-models.ts'

/** All models that this program can serve. */
export type ServedModels = ModelDirectory & ModelList & AsyncDisposable

export type OnPullProgress = NonNullable<PullOptions['onProgress']>

/** Served models, and the local ones that could be fetched; hosted ones can be probed. */
export type ManagedModels = ServedModels & Pick<LocalModels, 'inventory' | 'pull'> & Pick<Directory, 'probe'>

interface ModelsSettings {
  /** Keeps what is learnt of models over restarts. */
  readonly lessons?: LessonStore
  readonly onProgress?: OnPullProgress
}

/** The providers of the configuration, and the models of this process. */
export function createModels(config: Config, log: Logger, settings: ModelsSettings = {}): ManagedModels {
  const lessons = new LessonBook({ ...(settings.lessons && { store: settings.lessons }), log })
  const providers = config.providers.map((provider) =>
    createHostedProvider(provider, config.secrets.providerKeys.get(provider.name), {
      ...config.judging,
      lessons,
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
    probe: (found, material, signal) => directory.probe(found, material, signal),
    inventory: () => local.inventory(),
    pull: (name, options) => local.pull(name, options),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]()
      await lessons[Symbol.asyncDispose]()
    },
  }
}
