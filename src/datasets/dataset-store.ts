import type { Page } from '../judges/judge-store.ts'
import type { Dataset, DatasetRecord, RecordContent, RecordSource } from './dataset.ts'

export interface DatasetQuery {
  /** From 1. */
  readonly page: number
  /** 0 to 100. */
  readonly pageSize: number
  /** A substring of name or description, whatever its case. */
  readonly text?: string
}

/** What is changed of a dataset; what is left out stays. */
export interface DatasetChange {
  readonly name?: string
  readonly description?: string
  readonly updatedAt: Date
}

export interface NewRecord extends RecordContent {
  readonly id: string
  readonly source: RecordSource
  readonly createdAt: Date
}

/** A record and its place in the order of its dataset: places rise, with gaps, and never change. */
export interface PlacedRecord extends DatasetRecord {
  readonly place: number
}

/** Which records to read on with. */
export interface Stretch {
  /** The place before the first; 0 for the beginning. */
  readonly after: number
  /** The last place of all. */
  readonly through: number
}

/** Who may read a dataset's records without a key, until when. */
export interface ExportLink {
  /** Of the link's token, as `hashKey` makes it. */
  readonly hash: string
  readonly datasetId: string
  readonly expiresAt: Date
}

/**
 * What the domain needs of storage to keep datasets. Each method is one transaction. A deleted dataset is found by
 * none of them, though its records may take their time to go.
 */
export interface DatasetStore {
  insert(dataset: Dataset): Promise<'inserted' | 'slug_taken'>
  find(workspaceId: string, id: string): Promise<Dataset | undefined>
  findBySlug(workspaceId: string, slug: string): Promise<Dataset | undefined>
  /** Newest first, ties by id. */
  list(workspaceId: string, query: DatasetQuery): Promise<Page<Dataset>>
  /** The dataset after the change; undefined where there is none. */
  update(workspaceId: string, id: string, change: DatasetChange): Promise<Dataset | undefined>
  /** Marks a dataset as deleted: it and its records are found no more, and `purge` removes them. */
  remove(workspaceId: string, id: string, deletedAt: Date): Promise<'removed' | 'missing'>
  /**
   * Removes for good a part of what deleted datasets have left, or nothing where nothing is left: so little that
   * nobody else waits for long.
   */
  purge(): Promise<'removed' | 'nothing_left'>
}

/** What the domain needs of storage to keep links. Each method is one transaction. */
export interface LinkStore {
  /** Removes the dataset's links that have expired at `now`, too. */
  insert(link: ExportLink, now: Date): Promise<void>
  /** The link by its hash, whether or not it has expired, with the living dataset that it leads to. */
  find(hash: string): Promise<{ readonly link: ExportLink; readonly dataset: Dataset } | undefined>
}

/** What the domain needs of storage to keep the records of datasets. Each method is one transaction. */
export interface RecordStore {
  /**
   * Adds all of the records behind the dataset's last one, or none of them.
   * Storage that does more in the same transaction, as an import does, calls `insertRecords` of `insert-records.ts`.
   */
  insertRecords(
    workspaceId: string,
    datasetId: string,
    records: readonly NewRecord[],
  ): Promise<'inserted' | 'dataset_missing'>
  find(workspaceId: string, id: string): Promise<DatasetRecord | undefined>
  /** In the order of the dataset; undefined where there is no such dataset. */
  list(
    workspaceId: string,
    datasetId: string,
    page: { readonly page: number; readonly pageSize: number },
  ): Promise<Page<DatasetRecord> | undefined>
  /** Those of the workspace's records that have one of these ids, up to 1,000, in the order of the ids. */
  readRecords(workspaceId: string, ids: readonly string[]): Promise<readonly DatasetRecord[]>
  /** The place of the dataset's last record: 0 where it has none, undefined where there is no such dataset. */
  lastPlace(workspaceId: string, datasetId: string): Promise<number | undefined>
  /**
   * The next few records in the order of the dataset, as many as are well read at once, and at least one while there
   * is one. Undefined where there is no such dataset any more.
   */
  readOn(
    workspaceId: string,
    datasetId: string,
    stretch: Stretch,
  ): Promise<readonly PlacedRecord[] | undefined>
  /** What is left out stays. */
  update(
    workspaceId: string,
    id: string,
    change: Partial<RecordContent> & { readonly updatedAt: Date },
  ): Promise<'updated' | 'missing'>
  /**
   * Removes all of these records for good, up to 1,000, or none of them.
   * @returns the ids that are no records of the workspace; where there are any, nothing was removed
   */
  remove(workspaceId: string, ids: readonly string[]): Promise<readonly string[]>
}
