import { existsSync } from 'node:fs'
import { createModels, type ManagedModels } from './assize-models.ts'
import type { Config } from './config.ts'
import { AssizeError } from './errors.ts'
import type { Logger } from './log.ts'
import { LessonRows } from './storage/lesson-rows.ts'
import { type Database, openDatabase } from './storage/open-database.ts'

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
