import type { Transaction } from 'kysely'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import type { KeyRow, Tables } from './tables.ts'

/** Revokes a key that is not revoked yet; see `KeyStore`. */
export async function revokeKey(
  database: Database,
  transaction: Transaction<Tables>,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  { revokedAt, sparesLastAdmin }: { readonly revokedAt: Date; readonly sparesLastAdmin: boolean },
): Promise<'revoked' | 'missing' | 'last_admin'> {
  await lockWorkspace(transaction, workspaceId)
  const keys = await transaction
    .selectFrom('keys')
    .select(['id', 'role', 'expires_at_ms', 'revoked_at_ms'])
    .where('workspace_id', '=', workspaceId)
    .where((is) =>
      is.or([is('id', '=', id), is.and([is('role', '=', 'admin'), is('revoked_at_ms', 'is', null)])]),
    )
    .execute()
  if (!keys.some((key) => key.id === id)) return 'missing'
  const admins = keys.filter((key) => isLivingAdmin(key, revokedAt))
  if (sparesLastAdmin && admins.length === 1 && admins[0]?.id === id) return 'last_admin'
  const revoked = await transaction
    .updateTable('keys')
    .set({ revoked_at_ms: revokedAt.getTime() })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .returning('name')
    .executeTakeFirst()
  if (revoked !== undefined) {
    const change = { workspaceId, action: 'key.revoked', subjectId: id } as const
    await noteChange(database, transaction, { ...change, detail: { name: revoked.name } })
  }
  return 'revoked'
}

/** One after the other: two admins that revoke each other's key would both find that there is one left. */
async function lockWorkspace(transaction: Transaction<Tables>, workspaceId: string): Promise<void> {
  await transaction
    .updateTable('workspaces')
    .set(({ ref }) => ({ name: ref('name') }))
    .where('id', '=', workspaceId)
    .execute()
}

function isLivingAdmin(
  { role, expires_at_ms, revoked_at_ms }: Pick<KeyRow, 'role' | 'expires_at_ms' | 'revoked_at_ms'>,
  now: Date,
): boolean {
  return (
    role === 'admin' && revoked_at_ms === null && (expires_at_ms === null || expires_at_ms > now.getTime())
  )
}
