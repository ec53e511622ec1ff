import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { restoreSqlite } from '../assize-keeping.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { copyProgress, endProgress } from './copy-progress.ts'
import { restoreLine, saidOnly } from './postgres-tools.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize restore FILE [--replace]

Puts a backup in the place of the database, which no server may be using. The backup is checked first; one that an older
program wrote is migrated at the next start, one of a newer program is refused. However it ends, the place holds what it
held before or the whole backup.

  --replace   where there is a database already: keep it beside the new one, under another name

For PostgreSQL it prints the command to run instead, and exits with ${saidOnly}.`

async function run(args: readonly string[], io: Io): Promise<number> {
  const options = { replace: { type: 'boolean', default: false } } as const
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new UsageError('expected one FILE.')
  const { database } = loadConfig(io.env, io.workingDir)
  const source = resolve(io.workingDir, file)
  if (database.engine === 'postgres') {
    io.stderr.write('The database is PostgreSQL. Stop the servers, make the database anew and empty, then:\n')
    io.stdout.write(`${restoreLine(database.url, source)}\n`)
    return saidOnly
  }
  try {
    const { missing, keptAside } = await restoreSqlite(source, database.path, {
      onCopied: copyProgress(io),
      stop: io.stop,
      mayReplace: values.replace,
      now: new Date(),
    })
    endProgress(io)
    io.stderr.write(`Restored ${source} to ${database.path}.\n`)
    if (missing.length > 0) io.stderr.write(`The next start migrates it: ${missing.join(', ')}.\n`)
    if (keptAside !== undefined) io.stderr.write(`What was there is kept as ${keptAside}.\n`)
    return 0
  } catch (error) {
    endProgress(io)
    if (!io.stop.aborted) throw error
    io.stderr.write('Stopped: nothing was restored.\n')
    return 1
  }
}

export const restoreCommand: Command = { usage, run }
