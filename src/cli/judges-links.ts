import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseYaml, stringify } from 'yaml'
import { z } from 'zod'
import { AssizeError } from '../errors.ts'
import { digestOf } from '../judges/definition-digest.ts'
import type { JudgeLink, SavedJudge } from '../judges/judge-match.ts'
import { type FolderPlace, pathInFolder } from './judges-place.ts'
import { writeWholeFile } from './judges-write-file.ts'

/** Below the folder of judges: one file a workspace, so that several servers and people don't write the same one. */
const linksFolder = '.revisions'

const header = ` What the files of this folder were last the same as, written by "assize judges". Keep it with them.`

const linksDocument = z.object({
  workspace_id: z.guid(),
  first_used_with: z.string(),
  judges: z.record(
    z.string().regex(pathInFolder, 'expected the path of a judge in this folder'),
    z.object({
      name: z.string(),
      id: z.guid(),
      revision: z.guid(),
      down_revision: z.guid().nullable(),
      digest: z.string(),
    }),
  ),
})

type LinksDocument = z.output<typeof linksDocument>
type LinkDocument = LinksDocument['judges'][string]

/** What a folder remembers of the judges of one workspace. */
export interface Links {
  readonly all: readonly JudgeLink[]
  /** Remembers that a file is the same as a judge now, and forgets what else was remembered of both. */
  set(path: string, judge: SavedJudge): void
  forget(judgeId: string): void
  /** Writes what changed, if anything did. */
  save(): Promise<void>
}

/**
 * Reads what a folder remembers of a workspace's judges; nothing where it was never used with it.
 * @param sourceName where they are, for people
 * @throws AssizeError `request_invalid` where the file can't be read
 */
export async function readLinks(
  { folder }: FolderPlace,
  workspaceId: string,
  sourceName: string,
): Promise<Links> {
  const path = join(folder, linksFolder, `${workspaceId.toLowerCase()}.yaml`)
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw unreadable(path, error.message, error)
  })
  const document =
    content === undefined
      ? { workspace_id: workspaceId, first_used_with: sourceName, judges: {} }
      : parsed(path, content)
  return linksOf(document, (yaml) => writeWholeFile(path, yaml))
}

function linksOf(document: LinksDocument, write: (yaml: string) => Promise<void>): Links {
  const judges = new Map(Object.entries(document.judges))
  let isChanged = false
  function forget(judgeId: string): void {
    for (const [file, { id }] of judges) {
      if (id === judgeId) isChanged = judges.delete(file)
    }
  }
  return {
    get all() {
      return [...judges].map(([file, link]) => ({
        path: file,
        name: link.name,
        judgeId: link.id,
        revisionId: link.revision,
        downRevisionId: link.down_revision,
        digest: link.digest,
      }))
    },
    set(file, judge) {
      const link = linkTo(judge)
      if (JSON.stringify(judges.get(file)) === JSON.stringify(link)) return
      forget(judge.id)
      judges.set(file, link)
      isChanged = true
    },
    forget,
    async save() {
      if (!isChanged) return
      const sorted = Object.fromEntries([...judges].sort(([one], [other]) => (one < other ? -1 : 1)))
      await write(`#${header}\n${stringify({ ...document, judges: sorted }, { lineWidth: 0 })}`)
      isChanged = false
    },
  }
}

function linkTo({ id, revisionId, downRevisionId, definition }: SavedJudge): LinkDocument {
  return {
    name: definition.name,
    id,
    revision: revisionId,
    down_revision: downRevisionId,
    digest: digestOf(definition),
  }
}

function parsed(path: string, content: string): LinksDocument {
  let document: unknown
  try {
    document = parseYaml(content)
  } catch (error) {
    throw unreadable(path, (error as Error).message, error)
  }
  const result = linksDocument.safeParse(document)
  if (result.success) return result.data
  throw unreadable(path, z.prettifyError(result.error))
}

function unreadable(path: string, why: string, cause?: unknown): AssizeError {
  return new AssizeError(
    'request_invalid',
    `${path} can't be read: ${why}\nIf a merge left it so, take either side. It may also be deleted: then nothing is known of files that differ from their judge, and they are kept until --force.`,
    { cause },
  )
}
