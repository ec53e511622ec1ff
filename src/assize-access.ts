import { randomBytes } from 'node:crypto'
import type { ActAs, Audit } from './access/audit.ts'
import { keyBytes } from './access/key.ts'
import { Keys } from './access/keys.ts'
import { Sessions } from './access/sessions.ts'
import { AuditRows } from './storage/audit-rows.ts'
import { KeyRows } from './storage/key-rows.ts'
import { actAs } from './storage/note-change.ts'
import type { Database } from './storage/open-database.ts'
import { SessionRows } from './storage/session-rows.ts'

export interface AccessServices {
  readonly keys: Keys
  readonly sessions: Sessions
  readonly audit: Audit
  /** Changes within are put down to who acts. */
  readonly actAs: ActAs
}

/** Who may call: keys, and browsers that signed in with one. */
export function createAccessServices(
  database: Database,
  { now, newId }: { readonly now: () => Date; readonly newId: () => string },
): AccessServices {
  const randomKeyBytes = () => randomBytes(keyBytes)
  const keys = new Keys({ store: new KeyRows(database), now, newId, randomKeyBytes })
  const sessions = new Sessions({ store: new SessionRows(database), keys, now, randomKeyBytes })
  return { keys, sessions, audit: new AuditRows(database), actAs }
}
