import { AssizeError } from '../errors.ts'
import type { ToolDirectory } from './tool.ts'

/** Of a server that lets judges use no tools. */
export const noTools: ToolDirectory = {
  async open(names) {
    const unknown = names.map((name) => JSON.stringify(name)).join(', ')
    throw new AssizeError('tool_not_served', `tools: this server does not have ${unknown}; it has no tools.`)
  },
  list: async () => [],
}
