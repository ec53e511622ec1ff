import type { Definition, Output } from './definition.ts'
import type { Revision } from './revision.ts'

/** A judge as it stands at one of its revisions, the latest unless it was asked for by a revision's id. */
export interface Judge {
  readonly id: string
  readonly workspaceId: string
  readonly ownerId: string
  readonly createdAt: Date
  readonly revision: Revision
}

/** A judge that was found, and whether the id that found it was a revision's, which pins it. */
export interface FoundJudge {
  readonly judge: Judge
  readonly isPinned: boolean
}

export interface JudgeQuery {
  /** From 1. */
  readonly page: number
  /** 0 to 100. */
  readonly pageSize: number
  /** A substring of name or description, whatever its case. */
  readonly text?: string
  /** Any of these; empty means all. */
  readonly outputTypes: readonly Output['type'][]
  readonly modelNames: readonly string[]
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** How many there are on all pages together. */
  readonly count: number
}

export interface NewJudge {
  readonly id: string
  readonly workspaceId: string
  readonly ownerId: string
  readonly createdAt: Date
  readonly revisionId: string
  readonly definition: Definition
}

export interface NewRevision {
  readonly workspaceId: string
  readonly judgeId: string
  readonly ownerId: string
  readonly revisionId: string
  readonly createdAt: Date
  readonly definition: Definition
  /** The revision that this one follows; when it is no longer the latest, nothing is stored. */
  readonly followsRevisionId: string
}

/** What the domain needs of storage to keep judges. Each method is one transaction. */
export interface JudgeStore {
  insert(judge: NewJudge): Promise<'inserted' | 'name_taken'>
  /** By the id of a living judge, or of one of its revisions. */
  find(workspaceId: string, id: string): Promise<FoundJudge | undefined>
  /** Living judges, newest first, ties by id. */
  list(workspaceId: string, query: JudgeQuery): Promise<Page<Judge>>
  addRevision(revision: NewRevision): Promise<'added' | 'name_taken' | 'not_latest'>
  /** Marks a judge as deleted, if `latestRevisionId` still is its latest revision. */
  remove(
    workspaceId: string,
    judgeId: string,
    latestRevisionId: string,
    deletedAt: Date,
  ): Promise<'removed' | 'not_latest'>
  /** All revisions of a living judge, newest first. */
  listRevisions(workspaceId: string, judgeId: string, page: number, pageSize: number): Promise<Page<Revision>>
}
