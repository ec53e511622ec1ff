import type { Generated } from 'kysely'
import type { AuditAction } from '../access/audit.ts'

export interface AuditEntryRow {
  seq: Generated<number>
  at_ms: number
  workspace_id: string
  key_id: string | null
  request_id: string | null
  action: AuditAction
  subject_id: string | null
  /** JSON. */
  detail: string
}
