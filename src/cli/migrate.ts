import { parseArgs } from 'node:util'
import { migrateDatabase, readSchemaState } from '../assize-keeping.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'

const usage = `Usage: assize migrate [--check]

Brings the database to this program's schema, all of it or nothing, as "assize serve" does when it starts.

  --check   change nothing; exit with 0 where nothing is missing, 1 where something is, 2 where a newer program wrote
            the database`

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { check: { type: 'boolean', default: false } } })
  const { database } = loadConfig(io.env, io.workingDir)
  const { done, missing, unknown } = await readSchemaState(database)
  if (values.check && unknown.length > 0) {
    io.stdout.write(`A newer Assize wrote the database: this one does not know ${unknown.join(', ')}.\n`)
    return 2
  }
  if (unknown.length === 0 && missing.length === 0) {
    io.stdout.write(`Nothing is missing: the database is at ${done.at(-1)}.\n`)
    return 0
  }
  if (values.check) {
    io.stdout.write(`Missing: ${missing.join(', ')}.\n`)
    return 1
  }
  await migrateDatabase(database)
  io.stdout.write(`Done: ${missing.join(', ')}.\n`)
  return 0
}

export const migrateCommand: Command = { usage, run }
