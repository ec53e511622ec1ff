/** A program of its own: opens the database in its argument, founds the server, and prints what came of it. */
import { uuidv7 } from 'uuidv7'
import type { DatabaseLocation } from '../../src/config.ts'
import { KeyRows } from '../../src/storage/key-rows.ts'
import { openDatabase } from '../../src/storage/open-database.ts'

const location = JSON.parse(process.argv[2] ?? '') as DatabaseLocation
await using database = await openDatabase(location)
const createdAt = new Date()
const workspace = { id: uuidv7(), name: `by ${process.pid}`, createdAt }
const owner = { id: uuidv7(), workspaceId: workspace.id, name: 'admin', createdAt }
const result = await new KeyRows(database).found(
  {
    workspace,
    owner,
    key: {
      id: uuidv7(),
      workspaceId: workspace.id,
      ownerId: owner.id,
      name: 'first',
      role: 'admin',
      hash: String(process.pid),
      hint: '',
      createdAt,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    },
  },
  async () => {},
)
process.stdout.write(result)
