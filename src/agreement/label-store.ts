import type { Page } from '../judges/judge-store.ts'
import type { Label } from './label.ts'

/** Which labels of a record are wanted. */
export interface LabelQuery {
  /** From 1. */
  readonly page: number
  /** 0 to 100. */
  readonly pageSize: number
  readonly judgeId?: string
}

/** What the domain needs of storage to keep labels. Each method is one transaction. */
export interface LabelStore {
  /**
   * Keeps labels, each in the place of the one that the same author gave the same record for the same judge before.
   * Those whose record is gone are left out.
   * @param labels up to 1,000, no two of them for the same place
   * @returns how many were kept
   */
  put(labels: readonly Label[]): Promise<number>
  /** Newest first, ties by id. */
  list(workspaceId: string, recordId: string, query: LabelQuery): Promise<Page<Label>>
  remove(workspaceId: string, recordId: string, id: string): Promise<'removed' | 'missing'>
}
