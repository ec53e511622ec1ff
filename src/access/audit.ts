import type { Page } from './key-store.ts'

/** What is noted of a workspace: the kind of thing, and what was done to it. */
export const auditActions = [
  'judge.created',
  'judge.changed',
  'judge.deleted',
  'judgment.deleted',
  'dataset.created',
  'dataset.changed',
  'dataset.deleted',
  'record.added',
  'record.changed',
  'record.deleted',
  'file.uploaded',
  'file.deleted',
  'import.started',
  'run.started',
  'run.cancelled',
  'run.resumed',
  'run.retried',
  'run.deleted',
  'label.given',
  'label.deleted',
  'key.made',
  'key.revoked',
  'session.begun',
  'session.ended',
] as const
export type AuditAction = (typeof auditActions)[number]

/** On whose behalf something is changed; null where it is no request, or no key is known. */
export interface Actor {
  readonly keyId: string | null
  readonly requestId: string | null
}

/** Runs work as somebody, to whom every change in it is put down. */
export type ActAs = (actor: Actor, work: () => void) => void

/** Who changed what. */
export interface AuditEntry extends Actor {
  readonly id: number
  /** By the database's clock. */
  readonly at: Date
  readonly action: AuditAction
  /** Null where several things were changed at once. */
  readonly subjectId: string | null
  /** What tells it from others: names, counts, ids; never a secret, nor text of a conversation. */
  readonly detail: Readonly<Record<string, unknown>>
}

export interface AuditQuery {
  /** From 1. */
  readonly page: number
  readonly pageSize: number
  /** Any of these; empty means all. */
  readonly actions: readonly AuditAction[]
  readonly subjectId?: string | undefined
  readonly keyId?: string | undefined
  /** From this time on. */
  readonly since?: Date | undefined
  /** Before this time. */
  readonly until?: Date | undefined
}

/** What the domain needs of storage to tell who changed what. */
export interface Audit {
  /** Newest first. */
  list(workspaceId: string, query: AuditQuery): Promise<Page<AuditEntry>>
}
