import type { Io } from './commands.ts'
import { readText } from './input-files.ts'
import { adminKeyFile } from './sign-in-link.ts'
import { UsageError } from './usage-error.ts'

/**
 * The key to send to a server: that of `--key-file`, else `ASSIZE_API_KEY`, else the first key that this machine's data
 * folder holds, which is sent to this machine alone.
 * @throws UsageError where there is none
 */
export async function findRemoteKey(url: URL, keyFile: string | undefined, io: Io): Promise<string> {
  if (keyFile !== undefined) return checked((await readText(keyFile, io)).trim(), keyFile)
  const given = io.env.ASSIZE_API_KEY
  if (given !== undefined && given !== '') return checked(given, 'ASSIZE_API_KEY')
  if (!isThisMachine(url)) {
    throw new UsageError(`${url.origin} wants a key: give --key-file FILE, or set ASSIZE_API_KEY.`)
  }
  const { loadConfig } = await import('../config.ts')
  const path = adminKeyFile(loadConfig(io.env, io.workingDir))
  const kept = await readText(path, io).catch(() => undefined)
  if (kept !== undefined) return checked(kept.trim(), path)
  throw new UsageError(
    `${url.origin} wants a key, and ${path} holds none: give --key-file FILE, set ASSIZE_API_KEY, or set ASSIZE_DATA_DIR to the server's data folder.`,
  )
}

function isThisMachine({ hostname }: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

/** What is no key would make a header that can't be sent, or that says more than one. */
function checked(key: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key
  throw new UsageError(`${source} holds no key; expected one line of printable ASCII characters.`)
}
