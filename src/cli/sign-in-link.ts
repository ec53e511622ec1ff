import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Assize } from '../assize.ts'
import type { Config } from '../config.ts'
import { AssizeError } from '../errors.ts'

/** Where the data folder keeps the first key. */
export function adminKeyFile(config: Config): string {
  return join(config.dataDir, 'admin-key')
}

/**
 * A link that signs a browser in once, as the bearer of the key that this machine's data folder holds. The token stands behind
 * `#`, which browsers send to no server, so that no log has it.
 * @returns undefined where the folder holds no living key
 */
export async function makeSignInLink(
  { keys, sessions }: Pick<Assize, 'keys' | 'sessions'>,
  config: Config,
  url: string,
): Promise<string | undefined> {
  const key = await readFile(adminKeyFile(config), 'utf8').catch(() => undefined)
  if (key === undefined) return undefined
  try {
    const { keyId } = await keys.authenticate(key.trim())
    return `${url}/sign-in#token=${await sessions.makeLinkToken(keyId)}`
  } catch (error) {
    if (error instanceof AssizeError && error.situation === 'not_authenticated') return undefined
    throw error
  }
}
