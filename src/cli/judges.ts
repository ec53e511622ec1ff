import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Command, Io } from './commands.ts'
import type { FolderPlace } from './judges-place.ts'
import type { JudgeSource } from './judges-source.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize judges list [--json]
       assize judges pull [DIR] [--judge NAME]... [--force | --keep] [--prune]
       assize judges diff [DIR] [--judge NAME]... [--exit-code]
       assize judges plan [DIR] [--judge NAME]... [--force] [--prune] [--json]
       assize judges apply [DIR] [--judge NAME]... [--force] [--prune] [--yes]

Keeps judges as files of YAML, one a judge, in the folder DIR ("judges" unless given) and those below it. pull writes
files from the saved judges, diff shows how files differ from them, plan says what apply would change, and apply saves
the files: new judges, and new revisions of those that are there. docs/judges-as-code.md says more.

--server URL    judges of this server; without it, those of the local database
--key-file FILE holds the key for the server; else ASSIZE_API_KEY, or the first key of this machine's own server
--workspace     of the local database; "default" unless given. A server's workspace is that of the key
--owner         under whose name apply saves in the local database; "admin" unless given
--judge         only this one, by its name or id; may be repeated
--force         pull: overwrite changes of files that were not applied. plan, apply: override what was saved meanwhile
--keep          pull: keep files that have such changes, and let apply override what is saved
--prune         pull: delete files whose judge was deleted. plan, apply: delete judges whose file was deleted
--yes           apply without asking
--exit-code     exit with 1 when there are differences
--json          for programs

The exit code is 0 when it is done, and 1 when not: plan and apply with conflicts, pull with files that it had to keep.`

const options = {
  server: { type: 'string' },
  'key-file': { type: 'string' },
  workspace: { type: 'string' },
  owner: { type: 'string' },
  judge: { type: 'string', multiple: true },
  force: { type: 'boolean' },
  keep: { type: 'boolean' },
  prune: { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  'exit-code': { type: 'boolean' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

const everywhere = ['server', 'key-file', 'workspace']
const takes: Readonly<Record<string, readonly string[]>> = {
  list: [...everywhere, 'json'],
  pull: [...everywhere, 'judge', 'force', 'keep', 'prune'],
  diff: [...everywhere, 'judge', 'exit-code'],
  plan: [...everywhere, 'judge', 'force', 'prune', 'json'],
  apply: [...everywhere, 'owner', 'judge', 'force', 'prune', 'yes'],
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [action = '', folder, ...others] = positionals
  const taken = Object.hasOwn(takes, action) ? takes[action] : undefined
  if (taken === undefined || others.length > 0 || (action === 'list' && folder !== undefined)) {
    throw new UsageError('expected "list", or "pull", "diff", "plan" or "apply" with a folder or none.')
  }
  const stray = Object.keys(values).find((name) => !taken.includes(name))
  if (stray !== undefined) throw new UsageError(`--${stray} does not go with ${action}.`)
  if (values.force && values.keep) throw new UsageError('--force and --keep say opposite things of files.')
  if (values.keep && values.prune) throw new UsageError('--keep and --prune say opposite things of files.')
  if (action === 'apply' && !values.yes && !io.stdout.isTTY) {
    throw new UsageError('apply asks before it changes anything, and here is nobody to ask: give --yes.')
  }
  await using source = await openSource(values, io)
  const shown = folder ?? 'judges'
  const place = { shown, folder: resolve(io.workingDir, shown) }
  try {
    return await act(action, { place, source, values }, io)
  } catch (error) {
    if (!io.stop.aborted) throw error
    io.stderr.write('Stopped.\n')
    return 1
  }
}

async function openSource(values: Values, io: Io): Promise<JudgeSource> {
  const { server, workspace, owner } = values
  if (server === undefined) {
    if (values['key-file'] !== undefined) throw new UsageError('--key-file goes with --server.')
    const { openLocalJudges } = await import('./judges-local.ts')
    return openLocalJudges({ workspaceName: workspace ?? 'default', ownerName: owner ?? 'admin' }, io)
  }
  if (workspace !== undefined) throw new UsageError('--workspace goes without --server: the key has one.')
  if (owner !== undefined) throw new UsageError('--owner goes without --server: the key has one.')
  const { openRemoteJudges } = await import('./judges-remote.ts')
  return openRemoteJudges({ url: server, keyFile: values['key-file'] }, io)
}

interface Invocation {
  readonly place: FolderPlace
  readonly source: JudgeSource
  readonly values: Values
}

async function act(action: string, { place, source, values }: Invocation, io: Io): Promise<number> {
  const { judge: names = [], force = false, keep = false, prune = false, json = false, yes = false } = values
  const request = { place, source, names, force, prune }
  switch (action) {
    case 'list': {
      const { listJudges } = await import('./judges-list.ts')
      return listJudges(source, json, io)
    }
    case 'pull': {
      const { pullJudges } = await import('./judges-pull.ts')
      await mkdir(place.folder, { recursive: true })
      return pullJudges({ ...request, keep }, io)
    }
    case 'diff': {
      const { diffJudges } = await import('./judges-diff.ts')
      const differing = await diffJudges(request, io)
      return values['exit-code'] && differing > 0 ? 1 : 0
    }
    case 'plan': {
      const { showPlan } = await import('./judges-plan.ts')
      return showPlan(request, json, io)
    }
    default: {
      const { applyJudges } = await import('./judges-apply.ts')
      return applyJudges(request, yes, io)
    }
  }
}

export const judgesCommand: Command = { usage, run }
