import { hashKey } from '../access/key.ts'
import { AssizeError } from '../errors.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author } from '../judges/judges.ts'
import type { FileFacts, FileQuery, FileStore } from './file-store.ts'
import { inChunks } from './in-chunks.ts'
import type { Bytes } from './rows/row.ts'
import { chunkBytes, type StoredFile } from './stored-file.ts'

/** An upload that brings nothing for so long was cut off. */
export const cutOffAfterMs = 3_600_000

const hourMs = 3_600_000

export interface FilesTools {
  readonly store: FileStore
  readonly maxFileBytes: number
  readonly now: () => Date
  /** A new UUID, version 7. */
  readonly newId: () => string
  /** 32 bytes of a cryptographic source. */
  readonly randomTokenBytes: () => Buffer
  /** Called when something was removed, whose content is still to go. */
  readonly onRemoved: () => void
}

/** The use cases of files. Every one sees the author's workspace and nothing else. */
export interface Files {
  /**
   * Keeps what comes, which is no file yet: `finish` makes it one, `abandon` takes it back.
   * @param taskId the import that it comes for
   * @returns the id of the file
   * @throws AssizeError `body_too_large`; and whatever `bytes` throws. Nothing is kept then.
   */
  receive(author: Author, bytes: Bytes, taskId?: string): Promise<string>
  abandon(id: string): Promise<void>
  /** @param expiresAfterHours null: it stays until it is deleted */
  finish(
    id: string,
    facts: Omit<FileFacts, 'expiresAt'>,
    expiresAfterHours: number | null,
  ): Promise<StoredFile>
  /** Throws `file_not_found`. */
  find(author: Author, id: string): Promise<StoredFile>
  /** Newest first. */
  list(author: Author, query: FileQuery): Promise<Page<StoredFile>>
  /** Throws `file_not_found`. */
  remove(author: Author, id: string): Promise<void>
  /** The content, a chunk at a time. Throws `file_not_found` where the file is deleted meanwhile. */
  read(file: StoredFile): Bytes
  /**
   * Makes a link by which its bearer may read the file without a key.
   * @returns the link's token, of which only a hash is stored
   * @throws AssizeError `file_not_found`
   */
  makeLink(author: Author, id: string, lastsHours: number): Promise<string>
  /** The file that a link leads to. Throws `link_expired`. */
  followLink(id: string, token: string): Promise<StoredFile>
}

/** @example createFiles({ store, maxFileBytes: config.maxFileBytes, now: () => new Date(), newId: uuidv7, ... }) */
export function createFiles(tools: FilesTools): Files {
  const { store, now, randomTokenBytes, onRemoved } = tools

  async function find({ workspaceId }: Pick<Author, 'workspaceId'>, id: string): Promise<StoredFile> {
    const file = await store.find(workspaceId, id)
    const isThere = file !== undefined && file.taskId === null && !hasExpired(file, now())
    return isThere ? file : refuse(fileNotFound(id))
  }

  async function abandon(id: string): Promise<void> {
    await store.abandon(id)
    onRemoved()
  }

  return {
    find,
    abandon,

    receive: (author, bytes, taskId) => receive(tools, author, bytes, abandon, taskId ?? null),

    async finish(id, facts, expiresAfterHours) {
      const expiresAt =
        expiresAfterHours === null ? null : new Date(now().getTime() + expiresAfterHours * hourMs)
      return (await store.finish(id, { ...facts, expiresAt })) ?? refuse(fileNotFound(id))
    },

    list: (author, query) => store.list(author.workspaceId, query, now()),

    async remove(author, id) {
      await find(author, id)
      if ((await store.remove(author.workspaceId, id)) === 'missing') throw fileNotFound(id)
      onRemoved()
    },

    read: (file) => readChunks(store, file),

    async makeLink(author, id, lastsHours) {
      const file = await find(author, id)
      const token = randomTokenBytes().toString('base64url')
      const madeAt = now()
      const expiresAt = new Date(madeAt.getTime() + lastsHours * hourMs)
      await store.insertLink({ hash: hashKey(token), fileId: file.id, expiresAt }, madeAt)
      return token
    },

    async followLink(id, token) {
      const link = await store.findLink(hashKey(token))
      const isGood = link?.fileId === id.toLowerCase() && link.expiresAt > now()
      const file = isGood ? await store.find(link.workspaceId, id) : undefined
      return file !== undefined && !hasExpired(file, now()) ? file : refuse(linkExpired())
    },
  }
}

async function receive(
  { store, maxFileBytes, now, newId }: FilesTools,
  { workspaceId, ownerId }: Author,
  bytes: Bytes,
  abandon: (id: string) => Promise<void>,
  taskId: string | null,
): Promise<string> {
  const id = newId()
  await store.begin({ id, workspaceId, ownerId, createdAt: now(), taskId })
  try {
    let number = 0
    for await (const chunk of inChunks(limited(bytes, maxFileBytes), chunkBytes)) {
      if ((await store.append(id, number, chunk, now())) === 'missing') throw fileNotFound(id)
      number += 1
    }
    return id
  } catch (error) {
    await abandon(id)
    throw error
  }
}

async function* limited(bytes: Bytes, most: number): AsyncGenerator<Uint8Array, void, undefined> {
  let length = 0
  for await (const part of bytes) {
    length += part.length
    if (length > most) {
      throw new AssizeError(
        'body_too_large',
        `The file is larger than ${most} bytes, the limit of this server (max_file_bytes).`,
      )
    }
    yield part
  }
}

async function* readChunks(
  store: FileStore,
  { id, sizeBytes }: StoredFile,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let number = 0; number * chunkBytes < sizeBytes; number++) {
    yield (await store.readChunk(id, number)) ?? refuse(fileNotFound(id))
  }
}

function hasExpired({ expiresAt }: StoredFile, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now
}

export function fileNotFound(id: string): AssizeError {
  return new AssizeError('file_not_found', `There is no file ${id} in this workspace.`)
}

function linkExpired(): AssizeError {
  return new AssizeError(
    'link_expired',
    'This link is not known, or too old; expected a new one, which GET /v1/files/{file_id}/url gives.',
  )
}

function refuse(error: AssizeError): never {
  throw error
}
