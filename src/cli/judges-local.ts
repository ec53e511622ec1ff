import { createAssize } from '../assize.ts'
import { loadConfig } from '../config.ts'
import { AssizeError } from '../errors.ts'
import type { Judge } from '../judges/judge-store.ts'
import type { Author } from '../judges/judges.ts'
import type { Io } from './commands.ts'
import { type JudgeSource, type LatestJudge, readListing } from './judges-source.ts'

interface LocalChoices {
  readonly workspaceName: string
  /** On whose behalf judges are saved; made with the first one where the workspace has no such owner. */
  readonly ownerName: string
}

/**
 * The judges of a workspace in the database of the configuration.
 * @throws AssizeError `request_invalid` where there is no such workspace; ConfigError
 */
export async function openLocalJudges(
  { workspaceName, ownerName }: LocalChoices,
  io: Io,
): Promise<JudgeSource> {
  await using opened = new AsyncDisposableStack()
  const config = { ...loadConfig(io.env, io.workingDir), logLevel: 'warn' as const }
  const { judges, keys } = opened.use(await createAssize(config))
  const { id: workspaceId } = await keys.findWorkspace(workspaceName)
  // Who only reads needs to be nobody.
  const reader: Author = { workspaceId, ownerId: workspaceId }
  const author = () => keys.findOwner(workspaceName, ownerName)
  const read = async (id: string) => latest((await judges.find(reader, id)).judge)
  const resources = opened.move()
  return {
    name: `workspace ${workspaceName} of the local database`,
    list: async () => ({
      ...(await readListing(async (page, pageSize) => {
        const query = { page, pageSize, outputTypes: [], modelNames: [] }
        const { items, count } = await judges.list(reader, query)
        return { judges: items.map(latest), count }
      })),
      workspaceId,
    }),
    read: (id) => read(id).catch(unlessMissing),
    create: async (definition) => latest(await judges.create(await author(), definition)),
    async replace({ id, revisionId }, definition) {
      await judges.replace(await author(), id, definition, (found) => found === revisionId)
      const { judge } = await judges.find(reader, revisionId)
      return read(judge.revision.upRevisionId ?? id)
    },
    remove: ({ id, revisionId }) => judges.remove(reader, id, (found) => found === revisionId),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function latest({ id, workspaceId, revision }: Judge): LatestJudge & { readonly updatedAt: Date } {
  const { definition, createdAt, downRevisionId } = revision
  return { id, workspaceId, revisionId: revision.id, downRevisionId, definition, updatedAt: createdAt }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof AssizeError && error.situation === 'judge_not_found') return undefined
  throw error
}
