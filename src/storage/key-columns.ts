import type { KeyRecord } from '../access/key-store.ts'
import type { KeyRow } from './tables.ts'

export function toKeyRow(key: KeyRecord): KeyRow {
  return {
    id: key.id,
    workspace_id: key.workspaceId,
    owner_id: key.ownerId,
    name: key.name,
    role: key.role,
    hash: key.hash,
    hint: key.hint,
    created_at_ms: key.createdAt.getTime(),
    expires_at_ms: key.expiresAt?.getTime() ?? null,
    revoked_at_ms: key.revokedAt?.getTime() ?? null,
    last_used_at_ms: key.lastUsedAt?.getTime() ?? null,
  }
}

export function toKeyRecord(row: KeyRow): KeyRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    name: row.name,
    role: row.role,
    hash: row.hash,
    hint: row.hint,
    createdAt: new Date(row.created_at_ms),
    expiresAt: toDate(row.expires_at_ms),
    revokedAt: toDate(row.revoked_at_ms),
    lastUsedAt: toDate(row.last_used_at_ms),
  }
}

function toDate(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs)
}
