import { randomUUID } from 'node:crypto'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { MadeKey } from '../access/keys.ts'
import type { Assize } from '../assize.ts'
import type { Config } from '../config.ts'
import { exampleJudges } from '../judges/example-judges.ts'
import type { Judge } from '../judges/judge-store.ts'
import { adminKeyFile } from './sign-in-link.ts'

/** Small enough to be fetched unasked, and for nothing but trying out. */
export const tinyModel = 'local/smollm2-135m-instruct'

/** The model that examples are written for: a real one where a provider is set, else one that runs anywhere. */
function exampleModel(config: Config): string {
  const names = config.providers.map((provider) => provider.name)
  if (names.includes('mistral')) return 'mistral-small-latest'
  const openai = config.providers.find((provider) => provider.name === 'openai')
  return openai?.baseUrl === 'https://api.openai.com/v1' ? 'gpt-4.1-mini' : tinyModel
}

export interface FirstStart {
  readonly made: MadeKey
  readonly keyFile: string
  /** An example judge to try first. */
  readonly example: Judge
}

/**
 * On an empty database, makes the first workspace, owner and key, and two example judges. The key is in its
 * file before it is in the database, so that no crash leaves a key that nobody knows.
 * @returns undefined when the database was founded before
 */
export async function prepareFirstStart(assize: Assize, config: Config): Promise<FirstStart | undefined> {
  const keyFile = adminKeyFile(config)
  const given = config.secrets.firstApiKey
  const made = await assize.keys.found(given, ({ key }) => writePrivateFile(keyFile, `${key}\n`))
  if (made !== undefined) {
    const { workspaceId, ownerId } = made.record
    const [first, ...others] = exampleJudges(exampleModel(config))
    const example = await assize.judges.create({ workspaceId, ownerId }, first)
    for (const definition of others) await assize.judges.create({ workspaceId, ownerId }, definition)
    return { made, keyFile, example }
  }
  if (given !== undefined && !(await assize.keys.knows(given))) {
    assize.log.warn(
      'ASSIZE_API_KEY is not a key of this database: it is taken on the first start only. Make keys with "assize keys create".',
    )
  }
  return undefined
}

async function writePrivateFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}
