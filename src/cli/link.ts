import { parseArgs } from 'node:util'
import { linkMinutes } from '../access/sessions.ts'
import { createAssize } from '../assize.ts'
import { type Config, loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { adminKeyFile, makeSignInLink } from './sign-in-link.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize link [--url URL]

Prints a link that signs a browser in once, within ${linkMinutes} minutes, with the first key that this machine's data folder keeps.

  --url URL   where browsers reach the server; the configured host and port unless given`

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: { type: 'string' } } as const })
  const config = loadConfig(io.env, io.workingDir)
  const url = values.url === undefined ? urlOf(config, config.port) : checkedUrl(values.url)
  await using assize = await createAssize({ ...config, logLevel: 'warn' })
  const link = await makeSignInLink(assize, config, url)
  if (link === undefined) {
    io.stderr.write(
      `${adminKeyFile(config)} holds no living key: sign in with another, or make one with "assize keys create".\n`,
    )
    return 1
  }
  io.stdout.write(`${link}\n`)
  return 0
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`--url is ${text}; expected an address like https://assize.example.com.`)
  return url.origin
}

/** Where a server can be reached from its own machine. */
export function urlOf({ host, tls }: Pick<Config, 'host' | 'tls'>, port: number): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `${tls === undefined ? 'http' : 'https'}://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

export const linkCommand: Command = { usage, run }
