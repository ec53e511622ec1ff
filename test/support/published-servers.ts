import { createRequire } from 'node:module'
import { node } from '../process/running-program.ts'

const require = createRequire(import.meta.url)

/** How the published server is started that shows everything that MCP has. */
export const everything = {
  command: node,
  args: [require.resolve('@modelcontextprotocol/server-everything/dist/index.js')],
}

/** How the published server of files is started. */
export function filesOf(folder: string): { readonly command: string; readonly args: readonly string[] } {
  return {
    command: node,
    args: [require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'), folder],
  }
}
