import { createModels, createTools, openModels } from '../assize.ts'
import { ConfigError, loadConfig } from '../config.ts'
import { AssizeError } from '../errors.ts'
import { createLog } from '../log.ts'
import { judgeCommand } from './judge.ts'
import { keysCommand } from './keys.ts'
import { lintCommand } from './lint.ts'
import { createModelsCommand } from './models.ts'
import { redteamCommand } from './redteam.ts'
import { RemoteError } from './remote-error.ts'
import { serveCommand } from './serve.ts'
import { createToolsCommand } from './tools.ts'
import { UsageError } from './usage-error.ts'
import { workspacesCommand } from './workspaces.ts'

/** What a command sees of the process. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly workingDir: string
  /** Aborted when the process is asked to end. */
  readonly stop: AbortSignal
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  readonly usage: string
  /** Gives the exit code. Throws UsageError, ConfigError, AssizeError, RemoteError. */
  run(args: readonly string[], io: Io): Promise<number>
}

const commands: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  judge: judgeCommand,
  lint: lintCommand,
  redteam: redteamCommand,
  keys: keysCommand,
  workspaces: workspacesCommand,
  models: createModelsCommand({
    openModels: (io, keepsLessons) =>
      (keepsLessons ? openModels : createModels)(loadConfig(io.env, io.workingDir), createLog('warn')),
  }),
  tools: createToolsCommand({ openTools }),
}

/** What a command says itself is enough, unless the configuration asks for all. */
function openTools({ env, workingDir }: Io): ReturnType<typeof createTools> {
  const config = loadConfig(env, workingDir)
  return createTools(config, createLog(/^(?:debug|trace)$/.test(config.logLevel) ? config.logLevel : 'error'))
}

/**
 * Runs a command line.
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const [name = 'help', ...rest] = args
  if (['help', '--help', '-h'].includes(name)) {
    io.stdout.write(helpText())
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    io.stderr.write(`There is no command ${JSON.stringify(name)}.\n\n${helpText()}`)
    return 2
  }
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
