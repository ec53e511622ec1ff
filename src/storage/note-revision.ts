import type { Transaction } from 'kysely'
import type { NewRevision } from '../judges/judge-store.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import type { Tables } from './tables.ts'

/** Notes that a judge has a revision more; its instructions are in the revision, which never changes. */
export async function noteRevision(
  database: Database,
  transaction: Transaction<Tables>,
  action: 'judge.created' | 'judge.changed',
  { workspaceId, judgeId, revisionId, definition }: Omit<NewRevision, 'followsRevisionId'>,
): Promise<void> {
  const detail = { name: definition.name, revision_id: revisionId }
  await noteChange(database, transaction, { workspaceId, action, subjectId: judgeId, detail })
}
