import { z } from 'zod'
import { fromDefinition, shownDefinition, toDefinition } from '../judges/definition-document.ts'
import type { Io } from './commands.ts'
import { type JudgeSource, type LatestJudge, readListing, type SourceJudge } from './judges-source.ts'
import { apiPath, openRemote, type Remote, type RemoteAnswer } from './remote.ts'
import { RemoteError } from './remote-error.ts'

const judgeBody = shownDefinition.extend({
  id: z.guid(),
  workspace_id: z.guid(),
  updated_at: z.iso.datetime(),
  down_revision: z.guid().nullable(),
  up_revision: z.guid().nullable(),
})
const listBody = z.object({ judges: z.object({ results: z.array(judgeBody), count: z.int() }) })
const path = `${apiPath}/judges`

/**
 * The judges of a key's workspace on a server.
 * @throws UsageError where the URL or the key can't be used
 */
export async function openRemoteJudges(
  server: { readonly url: string; readonly keyFile?: string | undefined },
  io: Io,
): Promise<JudgeSource> {
  const remote = await openRemote(server, io)
  async function read(id: string): Promise<LatestJudge> {
    const answer = await remote.call('GET', `${path}/${id}`)
    return latest(remote, answer)
  }
  return {
    name: remote.url,
    list: () =>
      readListing(async (page, pageSize) => {
        const { body } = await remote.call('GET', `${path}?page=${page}&page_size=${pageSize}`)
        const { results, count } = parsed(remote, listBody, body).judges
        return { judges: results.map(listed), count }
      }),
    read: (id) => read(id).catch(unlessMissing),
    create: async (definition) =>
      latest(remote, await remote.call('POST', path, { json: fromDefinition(definition) })),
    async replace({ id, revisionId }, definition) {
      const headers = { 'if-match': tagOf(revisionId) }
      await remote.call('PUT', `${path}/${id}`, { json: fromDefinition(definition), headers })
      const { body } = await remote.call('GET', `${path}/${revisionId}`)
      return read(parsed(remote, judgeBody, body).up_revision ?? id)
    },
    async remove({ id, revisionId }) {
      await remote.call('DELETE', `${path}/${id}`, { headers: { 'if-match': tagOf(revisionId) } })
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  }
}

function tagOf(revisionId: string): string {
  return `"${revisionId}"`
}

function listed(body: z.output<typeof judgeBody>): SourceJudge & { readonly workspaceId: string } {
  return {
    id: body.id,
    workspaceId: body.workspace_id,
    definition: toDefinition(body),
    updatedAt: new Date(body.updated_at),
  }
}

/** The tag of a judge is its latest revision's id. */
function latest(remote: Remote, { body, headers }: RemoteAnswer): LatestJudge {
  const judge = parsed(remote, judgeBody, body)
  const revisionId = /^(?:W\/)?"([0-9a-f-]{36})"$/i.exec(String(headers.etag))?.[1]
  if (revisionId === undefined)
    throw new RemoteError(`${remote.url} gave no ETag; is something between that takes it off?`)
  return { ...listed(judge), revisionId, downRevisionId: judge.down_revision }
}

function parsed<Schema extends z.ZodType>({ url }: Remote, schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new RemoteError(`${url} answered with something else than judges:\n${z.prettifyError(result.error)}`)
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof RemoteError && error.errorCode === 'JUDGE_NOT_FOUND') return undefined
  throw error
}
