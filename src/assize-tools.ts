import packageJson from '../package.json' with { type: 'json' }
import type { Workspace } from './access/key-store.ts'
import type { Config } from './config.ts'
import type { Logger } from './log.ts'
import { createToolDirectory } from './tools/create-directory.ts'
import type { Directory } from './tools/directory.ts'

/** All tools that judges can name. */
export type ServedTools = Directory

/**
 * The tools of the configuration; nothing is started before it is used.
 * @param listWorkspaces for judges that belong to one
 */
export function createTools(
  config: Config,
  log: Logger,
  listWorkspaces: () => Promise<readonly Workspace[]> = async () => [],
): ServedTools {
  return createToolDirectory({
    tools: config.tools,
    toolSecrets: config.secrets.toolSecrets,
    findWorkspaceName: async (id) => (await listWorkspaces()).find((known) => known.id === id)?.name,
    version: packageJson.version,
    log,
  })
}
