import { parseArgs } from 'node:util'
import { createAssize } from '../assize.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize workspaces create NAME
       assize workspaces list`

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
  const [action, name, ...others] = positionals
  if (
    others.length > 0 ||
    !(action === 'list' ? name === undefined : action === 'create' && name !== undefined)
  ) {
    throw new UsageError('expected "create NAME" or "list".')
  }
  await using assize = await createAssize({ ...loadConfig(io.env, io.workingDir), logLevel: 'warn' })
  if (name === undefined) {
    for (const workspace of await assize.keys.listWorkspaces())
      io.stdout.write(`${workspace.name}\t${workspace.id}\n`)
    return 0
  }
  if ((await assize.keys.createWorkspace(name)) === 'inserted') return 0
  io.stderr.write(`There is a workspace ${JSON.stringify(name)} already.\n`)
  return 1
}

export const workspacesCommand: Command = { usage, run }
