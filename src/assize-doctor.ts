import { createModels } from './assize-models.ts'
import { createTools } from './assize-tools.ts'
import type { Config } from './config.ts'
import { panelModelName } from './judging/panel.ts'
import { createLog } from './log.ts'
import { createHostedProvider } from './models/hosted-provider.ts'
import { JudgeRows } from './storage/judge-rows.ts'
import { KeyRows } from './storage/key-rows.ts'
import { openDatabase } from './storage/open-database.ts'
import { readServerFacts } from './storage/server-facts.ts'

/** What `assize doctor` looks at; each throws what keeps it from working. */
export { readServerFacts }

const silent = createLog('silent')

/**
 * Asks a provider of the configuration for its models, which takes a key that it accepts.
 * @returns how many it has
 * @throws ModelFailure, which says what was wrong
 */
export async function countModels(
  { providers, judging, secrets }: Config,
  name: string,
  signal: AbortSignal,
): Promise<number> {
  const provider = providers.find((known) => known.name === name)
  if (provider === undefined) throw new Error(`There is no provider ${name}.`)
  await using hosted = createHostedProvider(provider, secrets.providerKeys.get(name), judging)
  return (await hosted.listModels(signal)).length
}

/** The local models that are downloaded; none is loaded. */
export async function listDownloaded(config: Config): Promise<readonly string[]> {
  await using models = createModels(config, silent)
  return (await models.inventory())
    .filter(({ downloadedAt }) => downloadedAt !== undefined)
    .map(({ name }) => `local/${name}`)
}

/** Starts or connects each entry of `tools`. */
export async function inspectTools(config: Config, signal: AbortSignal) {
  await using tools = createTools(config, silent)
  return await tools.inspect(undefined, signal)
}

/** A judge that names what nobody serves. */
interface Stranded {
  readonly workspace: string
  readonly judge: string
  readonly names: readonly string[]
}

/** Looks at every living judge of a database, whose schema must be this program's. */
export async function findStranded(
  config: Config,
  signal: AbortSignal,
): Promise<{ judges: number; stranded: readonly Stranded[] }> {
  await using database = await openDatabase(config.database)
  await using models = createModels(config, silent)
  const panels = config.panels.map(panelModelName)
  const isModel = (name: string): boolean => panels.includes(name) || isServed(() => models.find(name))
  const isTool = (name: string): boolean =>
    config.tools.served.some((tool) => tool.name === name.split('.', 1)[0])
  const stranded: Stranded[] = []
  let judges = 0
  for (const workspace of await new KeyRows(database).listWorkspaces()) {
    for (let page = 1, seen = 0; ; page++) {
      signal.throwIfAborted()
      const query = { page, pageSize: 100, outputTypes: [], modelNames: [] }
      const { items, count } = await new JudgeRows(database).list(workspace.id, query)
      for (const { revision } of items) {
        const { name, modelName, tools } = revision.definition
        const names = [...(isModel(modelName) ? [] : [modelName]), ...tools.filter((tool) => !isTool(tool))]
        if (names.length > 0) stranded.push({ workspace: workspace.name, judge: name, names })
      }
      judges += items.length
      seen += items.length
      if (items.length === 0 || seen >= count) break
    }
  }
  return { judges, stranded }
}

function isServed(find: () => unknown): boolean {
  try {
    find()
    return true
  } catch {
    return false
  }
}
