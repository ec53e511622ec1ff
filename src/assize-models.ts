import { existsSync } from 'node:fs'
import type { Config } from './config.ts'
import { AssizeError } from './errors.ts'
import type { ModelList } from './http/models.ts'
import type { ModelDirectory } from './judging/model.ts'
import type { LessonStore } from './judging/model-lessons.ts'
import type { Logger } from './log.ts'
import { Directory } from './models/directory.ts'
import { createHostedProvider } from './models/hosted-provider.ts'
import { LessonBook } from './models/lesson-book.ts'
import type { PullOptions } from './models/local/download.ts'
import { createLocalModels, type LocalModels } from './models/local/local-models.ts'
import { LessonRows } from './storage/lesson-rows.ts'
import { type Database, openDatabase } from './storage/open-database.ts'

/** All models that this program can serve. */
export type ServedModels = ModelDirectory & ModelList & AsyncDisposable

export type OnPullProgress = NonNullable<PullOptions['onProgress']>

/** Served models, and the local ones that could be fetched; hosted ones can be probed. */
type ManagedModels = ServedModels & Pick<LocalModels, 'inventory' | 'pull'> & Pick<Directory, 'probe'>

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

/**
 * The same models; what is learnt of them is kept in the configuration's database, where there is one that answers.
 * @throws ConfigError when a newer program wrote it
 */
export async function openModels(config: Config, log: Logger): Promise<ManagedModels> {
  const database = await openExisting(config, log)
  if (database === undefined) return createModels(config, log)
  const models = createModels(config, log, { lessons: new LessonRows(database) })
  return {
    ...models,
    async [Symbol.asyncDispose]() {
      await models[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function openExisting({ database: at }: Config, log: Logger): Promise<Database | undefined> {
  if (at.engine === 'sqlite' && !existsSync(at.path)) return undefined
  try {
    return await openDatabase(at)
  } catch (error) {
    if (!(error instanceof AssizeError)) throw error
    log.warn(`What is learnt of models is not kept: ${error.message}`)
    return undefined
  }
}
