import { ConfigError } from '../config-setting.ts'
import { AssizeError } from '../errors.ts'
import { RemoteError } from './remote-error.ts'
import { UsageError } from './usage-error.ts'

/** What a command sees of the process. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly workingDir: string
  /** Aborted when the process is asked to end. */
  readonly stop: AbortSignal
}

export interface Command {
  readonly usage: string
  /** Gives the exit code. Throws UsageError, ConfigError, AssizeError. */
  run(args: readonly string[], io: Io): Promise<number>
}

interface ListedCommand {
  /** One line for the list of commands. */
  readonly summary: string
  /** What a command needs is loaded with it: no command waits for what only others need. */
  load(): Promise<Command>
}

const commands: Readonly<Record<string, ListedCommand>> = {
  serve: {
    summary: 'serve the API',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  worker: {
    summary: 'work on runs and imports of a database, beside its servers',
    load: async () => (await import('./worker.ts')).workerCommand,
  },
  backup: {
    summary: 'copy the database to a file, while servers use it',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  restore: {
    summary: 'put a backup in the place of the database',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  migrate: {
    summary: "bring the database to this program's schema, or say what is missing",
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  doctor: {
    summary: 'show what is set, what answers and what is wrong',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  judge: {
    summary: 'judge one conversation without a server',
    load: async () => (await import('./judge.ts')).judgeCommand,
  },
  run: {
    summary: 'judge every record of a file',
    load: async () => (await import('./run.ts')).runCommand,
  },
  compare: {
    summary: 'compare two runs record by record, and tell change from chance',
    load: async () => (await import('./compare.ts')).compareCommand,
  },
  judges: {
    summary: 'keep judges as files: pull, diff, plan, apply',
    load: async () => (await import('./judges.ts')).judgesCommand,
  },
  lint: {
    summary: 'list what is likely wrong with judges',
    load: async () => (await import('./lint.ts')).lintCommand,
  },
  redteam: {
    summary: 'attack a judge, and show which attacks turn its judgments',
    load: async () => (await import('./redteam.ts')).redteamCommand,
  },
  report: {
    summary: 'compare a run with labels, and estimate what it stands for',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  label: {
    summary: 'label the records of a dataset',
    load: async () => (await import('./label.ts')).labelCommand,
  },
  suggest: {
    summary: 'propose better instructions for a judge, and measure them',
    load: async () => (await import('./suggest.ts')).suggestCommand,
  },
  keys: {
    summary: 'make, list and revoke keys',
    load: async () => (await import('./keys.ts')).keysCommand,
  },
  audit: {
    summary: 'show who changed what',
    load: async () => (await import('./audit.ts')).auditCommand,
  },
  usage: {
    summary: 'show what judges used and cost, by day',
    load: async () => (await import('./usage.ts')).usageCommand,
  },
  link: {
    summary: 'print a link that signs a browser in',
    load: async () => (await import('./link.ts')).linkCommand,
  },
  workspaces: {
    summary: 'make and list workspaces',
    load: async () => (await import('./workspaces.ts')).workspacesCommand,
  },
  models: {
    summary: 'list, download and check models',
    load: async () => (await import('./models-command.ts')).modelsCommand,
  },
  tools: {
    summary: 'list and check tools for judges',
    load: async () => (await import('./tools-command.ts')).toolsCommand,
  },
}

/**
 * Runs a command line.
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 not understood, or what else a command says
 */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const [name = 'help', ...rest] = args
  if (['help', '--help', '-h'].includes(name)) {
    io.stdout.write(helpText())
    return 0
  }
  const listed = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (listed === undefined) {
    io.stderr.write(`There is no command ${JSON.stringify(name)}.\n\n${helpText()}`)
    return 2
  }
  const command = await listed.load()
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout.write(`${command.usage}\n`)
    return 0
  }
  return run(command, rest, io)
}

async function run(command: Command, args: readonly string[], io: Io): Promise<number> {
  try {
    return await command.run(args, io)
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      io.stderr.write(`${(error as Error).message}\n\n${command.usage}\n`)
      return 2
    }
    if (error instanceof ConfigError || error instanceof AssizeError || error instanceof RemoteError) {
      io.stderr.write(`${error.message}\n`)
      return 1
    }
    throw error
  }
}

function isParseArgsError(error: unknown): boolean {
  return (
    error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
  )
}

function helpText(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return `Usage: assize COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\nassize COMMAND --help says more of one.\n`
}
