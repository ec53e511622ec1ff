import { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { ToolConfig, ToolSecrets, ToolsConfig } from '../../src/config.ts'
import type { Tool } from '../../src/judging/tool.ts'
import { createLog } from '../../src/log.ts'
import { createToolDirectory } from '../../src/tools/create-directory.ts'
import type { Directory } from '../../src/tools/directory.ts'

export const never = new AbortController().signal

export interface OpenedTools {
  readonly directory: Directory
  readonly logLines: string[]
  /** One tool by its served name. */
  tool(servedName: string): Promise<Tool>
}

interface Choices {
  readonly secrets?: Readonly<Record<string, Partial<ToolSecrets>>>
  readonly access?: ToolsConfig['access']
}

/** The tools of a configuration, closed after the test. Workspaces have their name as their id. */
export function openTools(served: readonly ToolConfig[], choices: Choices = {}): OpenedTools {
  const logLines: string[] = []
  const destination = new Writable({
    write(line, _encoding, done) {
      logLines.push(String(line))
      done()
    },
  })
  const directory = createToolDirectory({
    tools: { served, access: choices.access ?? {} },
    toolSecrets: new Map(
      Object.entries(choices.secrets ?? {}).map(([name, secrets]) => [
        name,
        { environment: {}, headers: {}, apiKey: undefined, ...secrets },
      ]),
    ),
    findWorkspaceName: async (id) => (id === 'gone' ? undefined : id),
    version: '1.0.0',
    log: createLog('trace', destination),
  })
  onTestFinished(() => directory[Symbol.asyncDispose]())
  return {
    directory,
    logLines,
    async tool(servedName) {
      const [tool] = await directory.open([servedName], undefined, never)
      if (tool === undefined) throw new Error(`There is no ${servedName}.`)
      return tool
    },
  }
}
