import { ConfigError } from './config-setting.ts'
import type { ToolSettings } from './config-tool-settings.ts'
import type { ToolsConfig } from './config-tools.ts'

/** Throws ConfigError where a workspace may use what is no tool. */
export function refuseUnknownNames(
  access: ToolsConfig['access'],
  tools: Readonly<Record<string, ToolSettings>>,
): void {
  const known = Object.keys(tools).join(', ') || 'there are none'
  for (const [workspace, names] of Object.entries(access)) {
    for (const name of names) {
      const [first = '', ownName] = name.split('.', 2)
      const tool = Object.hasOwn(tools, first) ? tools[first] : undefined
      if (tool === undefined) {
        throw new ConfigError(`tool_access.${workspace} names ${name}, which is none of tools: ${known}.`)
      }
      if (ownName !== undefined && tool.mcp === undefined) {
        throw new ConfigError(`tool_access.${workspace} names ${name}, but ${first} is one tool alone.`)
      }
    }
  }
}
