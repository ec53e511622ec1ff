import type { Assize } from '../assize.ts'
import { createJudgeMaterial, createPrices } from '../assize-judging.ts'
import { createModels } from '../assize-models.ts'
import { createTools } from '../assize-tools.ts'
import { type Config, loadConfig } from '../config.ts'
import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import { isId } from '../judges/id.ts'
import type { Judge } from '../judges/judge-store.ts'
import type { Material, Wanted } from '../judging/judging.ts'
import type { FlaggedJudgment } from '../judging/judgment.ts'
import type { FoundModel, ModelDirectory } from '../judging/model.ts'
import { findPanel } from '../judging/panel.ts'
import type { PriceOf } from '../judging/price.ts'
import { createLog } from '../log.ts'
import type { Io } from './commands.ts'
import { readDefinition } from './input-files.ts'

/** A judge to ask without keeping its judgments. */
export interface OpenedJudge extends AsyncDisposable {
  readonly definition: Definition
  /** Where it is saved; undefined for one of a file. */
  readonly saved?: { readonly judgeId: string; readonly revisionId: string }
  readonly config: Config
  readonly priceOf: PriceOf
  /** The one model that it asks, or those of its panel. Throws AssizeError `model_not_served`. */
  models(): readonly FoundModel[]
  judge(material: Material, abandoned: AbortSignal, wanted?: Wanted): Promise<FlaggedJudgment>
}

/**
 * Opens a judge by its file, or by the id or name under which it is saved.
 * @throws AssizeError `judge_not_found`, `request_invalid`; ConfigError
 */
export async function openJudge(name: string, workspaceName: string, io: Io): Promise<OpenedJudge> {
  const config = { ...loadConfig(io.env, io.workingDir), logLevel: 'warn' as const }
  await using opened = new AsyncDisposableStack()
  if (/\.(?:ya?ml|json)$/i.test(name)) {
    const definition = await readDefinition(name, io)
    const log = createLog('warn')
    const models = opened.use(createModels(config, log))
    const judgeMaterial = createJudgeMaterial(config, models, opened.use(createTools(config, log)))
    return openedJudge({ config, definition, models, judgeMaterial }, opened.move())
  }
  // A judge of a file needs neither server nor database, which take longer to load than all the rest.
  const { createAssize } = await import('../assize.ts')
  const assize = opened.use(await createAssize(config))
  const { definition, workspaceId, ...saved } = await findSaved(assize, name, workspaceName)
  const { models, tools } = assize
  const judgeMaterial = createJudgeMaterial(config, models, tools)
  return openedJudge({ config, definition, models, judgeMaterial, workspaceId, saved }, opened.move())
}

interface Parts {
  readonly config: Config
  readonly definition: Definition
  readonly models: ModelDirectory
  readonly judgeMaterial: ReturnType<typeof createJudgeMaterial>
  readonly workspaceId?: string
  readonly saved?: NonNullable<OpenedJudge['saved']>
}

function openedJudge(
  { config, definition, models, judgeMaterial, workspaceId, saved }: Parts,
  resources: AsyncDisposableStack,
): OpenedJudge {
  return {
    config,
    definition,
    ...(saved && { saved }),
    priceOf: createPrices(config),
    models: () => {
      const { modelNames } = findPanel(config.panels, definition.modelName) ?? {
        modelNames: [definition.modelName],
      }
      return modelNames.map((modelName) => models.find(modelName))
    },
    judge: (material, abandoned, wanted) =>
      judgeMaterial(definition, material, abandoned, wanted, workspaceId),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

interface SavedJudge {
  readonly judgeId: string
  readonly revisionId: string
  readonly definition: Definition
  readonly workspaceId: string
}

async function findSaved({ keys, judges }: Assize, name: string, workspaceName: string): Promise<SavedJudge> {
  const { id: workspaceId } = await keys.findWorkspace(workspaceName)
  // Nothing is written on this author's behalf.
  const author = { workspaceId, ownerId: workspaceId }
  if (isId(name)) {
    const { judge } = await judges.find(author, name.toLowerCase())
    return savedJudge(judge, workspaceId)
  }
  for (let page = 1; ; page += 1) {
    const query = { page, pageSize: 100, text: name, outputTypes: [], modelNames: [] }
    const { items } = await judges.list(author, query)
    const named = items.find((judge) => judge.revision.definition.name === name)
    if (named !== undefined) return savedJudge(named, workspaceId)
    if (items.length < query.pageSize) throw notFound(name, workspaceName)
  }
}

function savedJudge({ id, revision }: Judge, workspaceId: string): SavedJudge {
  return { judgeId: id, revisionId: revision.id, definition: revision.definition, workspaceId }
}

function notFound(name: string, workspaceName: string): AssizeError {
  return new AssizeError(
    'judge_not_found',
    `Workspace ${workspaceName} has no judge called ${JSON.stringify(name)}; expected its id, its whole name, or a file that ends in .yaml.`,
  )
}
