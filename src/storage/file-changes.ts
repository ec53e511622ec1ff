import type { FileFacts } from '../datasets/file-store.ts'
import { keptText } from './kept-text.ts'
import type { Database } from './open-database.ts'

/** The statement that makes a file whole, in whatever transaction. */
export function finishFile(kysely: Database['kysely'], id: string, facts: FileFacts) {
  return kysely
    .updateTable('files')
    .set({
      name: keptText(facts.name),
      purpose: keptText(facts.purpose),
      media_type: facts.mediaType === null ? null : keptText(facts.mediaType),
      expires_at_ms: facts.expiresAt?.getTime() ?? null,
      is_whole: 1,
    })
    .where('id', '=', id)
    .where('is_whole', '=', 0)
    .where('touched_at_ms', '>', 0)
    .returningAll()
}

/** Says that a whole file is in use, in whatever transaction; false where there is no such file any more. */
export async function touchFile(kysely: Database['kysely'], id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await kysely
    .updateTable('files')
    .set({ touched_at_ms: now.getTime() })
    .where('id', '=', id)
    .where('is_whole', '=', 1)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
