import { AsyncLocalStorage } from 'node:async_hooks'
import { sql, type Transaction } from 'kysely'
import type { Actor, AuditAction } from '../access/audit.ts'
import { keptJson } from './kept-text.ts'
import type { Database } from './open-database.ts'
import type { Tables } from './tables.ts'

/** Not an argument of every change there is: who acts is the same for all that a request does. */
const actors = new AsyncLocalStorage<Actor>()

/** Runs work as somebody, to whom every change in it is put down. */
export function actAs(actor: Actor, work: () => void): void {
  actors.run(actor, work)
}

interface Change {
  readonly workspaceId: string
  readonly action: AuditAction
  readonly subjectId: string | null
  readonly detail?: Readonly<Record<string, unknown>>
  /** Where the change itself says who acts. */
  readonly keyId?: string
}

/** Notes who changed what, in the transaction that does: neither is there without the other. */
export async function noteChange(
  { engine }: Pick<Database, 'engine'>,
  transaction: Transaction<Tables>,
  { workspaceId, action, subjectId, detail = {}, keyId }: Change,
): Promise<void> {
  const actor = actors.getStore()
  await transaction
    .insertInto('audit_entries')
    .values({
      at_ms: sql<number>`${engine.nowMs}`,
      workspace_id: workspaceId,
      key_id: keyId ?? actor?.keyId ?? null,
      request_id: actor?.requestId ?? null,
      action,
      subject_id: subjectId?.toLowerCase() ?? null,
      detail: keptJson(detail),
    })
    .execute()
}
