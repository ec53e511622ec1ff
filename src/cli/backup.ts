import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backUpSqlite } from '../assize-keeping.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { copyProgress, endProgress } from './copy-progress.ts'
import { dumpLine, saidOnly } from './postgres-tools.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize backup FILE

Copies the database, as it is at one moment, to FILE, while servers go on using it, and checks the copy. FILE is there
only once it is whole, and only its owner may read it. It holds all but the downloaded models, the configuration and the
file of the admin key: a key works with the restored database as before.

For PostgreSQL it prints the command to run instead, and exits with ${saidOnly}.`

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new UsageError('expected one FILE.')
  const { database } = loadConfig(io.env, io.workingDir)
  const target = resolve(io.workingDir, file)
  if (database.engine === 'postgres') {
    io.stderr.write('The database is PostgreSQL, whose own program backs it up while servers use it:\n')
    io.stdout.write(`${dumpLine(database.url, target)}\n`)
    return saidOnly
  }
  try {
    const bytes = await backUpSqlite(database.path, target, { onCopied: copyProgress(io), stop: io.stop })
    endProgress(io)
    io.stderr.write(`Backed up ${database.path} to ${target}: ${bytes} bytes, checked.\n`)
    return 0
  } catch (error) {
    endProgress(io)
    if (!io.stop.aborted) throw error
    io.stderr.write('Stopped: nothing was backed up.\n')
    return 1
  }
}

export const backupCommand: Command = { usage, run }
