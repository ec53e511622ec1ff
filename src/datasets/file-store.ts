import type { Page } from '../judges/judge-store.ts'
import type { StoredFile } from './stored-file.ts'

/** A file of which nothing has come yet. */
export type NewFile = Pick<StoredFile, 'id' | 'workspaceId' | 'ownerId' | 'createdAt' | 'taskId'>

/** What is said of a file once all of it has come. */
export type FileFacts = Pick<StoredFile, 'name' | 'purpose' | 'mediaType' | 'expiresAt'>

export interface FileQuery {
  /** From 0. */
  readonly page: number
  readonly pageSize: number
  /** A substring of the name, whatever its case. */
  readonly text?: string
  readonly purpose?: string
  readonly purposeIsNot?: string
  /** Any of them. */
  readonly mediaTypes?: readonly string[]
}

/** Who may read a file without a key, until when. */
export interface FileLink {
  /** Of the link's token, as `hashKey` makes it. */
  readonly hash: string
  readonly fileId: string
  readonly workspaceId: string
  readonly expiresAt: Date
}

/**
 * What the domain needs of storage to keep files. Each method is one transaction. A file is found once it is whole,
 * and no more once it is removed, though its content may take its time to go.
 */
export interface FileStore {
  begin(file: NewFile): Promise<void>
  /**
   * Adds the next chunk of a file that has begun.
   * @param number from 0
   */
  append(id: string, number: number, content: Uint8Array, now: Date): Promise<'added' | 'missing'>
  /** Makes a file that has begun whole. */
  finish(id: string, facts: FileFacts): Promise<StoredFile | undefined>
  /** Takes back a file that has begun. */
  abandon(id: string): Promise<void>
  find(workspaceId: string, id: string): Promise<StoredFile | undefined>
  /** Those of no import that have not expired at `now`, newest first, ties by id. */
  list(workspaceId: string, query: FileQuery, now: Date): Promise<Page<StoredFile>>
  remove(workspaceId: string, id: string): Promise<'removed' | 'missing'>
  /** The chunk of a whole file; undefined where there is none, or no such file any more. */
  readChunk(id: string, number: number): Promise<Uint8Array | undefined>
  /** Removes the file's links that have expired at `now`, too. */
  insertLink(link: Omit<FileLink, 'workspaceId'>, now: Date): Promise<void>
  findLink(hash: string): Promise<FileLink | undefined>
  /**
   * Removes for good a part of what deleted and expired files, uploads that were cut off before `cutOffBefore`, and
   * the files of ended imports have left, or nothing where nothing is left: so little that nobody waits for long.
   */
  purge(now: Date, cutOffBefore: Date): Promise<'removed' | 'nothing_left'>
}
