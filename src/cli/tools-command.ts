import { createTools } from '../assize-tools.ts'
import { loadConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { createToolsCommand } from './tools.ts'

export const toolsCommand = createToolsCommand({
  /** What a command says itself is enough, unless the configuration asks for all. */
  openTools({ env, workingDir }) {
    const config = loadConfig(env, workingDir)
    return createTools(
      config,
      createLog(/^(?:debug|trace)$/.test(config.logLevel) ? config.logLevel : 'error'),
    )
  },
})
