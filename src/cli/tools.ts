import { parseArgs } from 'node:util'
import type { ServedTool } from '../judging/tool.ts'
import type { Command, Io } from './commands.ts'
import { table } from './table.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize tools list [--json]
       assize tools check [NAME]

list shows the tools of the configuration, as judges can name them: it starts or connects each server, and says why one
can't be reached. check does the same for all or for one of them, and shows how long it took; the exit code is 1 when
one can't be reached. With log_level: debug in the configuration, what servers say on standard error is shown too.`

/** What one entry of the configuration has, or why it can't be reached. */
interface InspectedTool {
  readonly name: string
  readonly description: string
  readonly tools: readonly ServedTool[]
  readonly failure: string | undefined
  readonly latencyMs: number
}

/** What the commands need of the tools. */
export interface ToolsToInspect extends AsyncDisposable {
  /** @param name one entry of the configuration alone */
  inspect(name: string | undefined, signal: AbortSignal): Promise<readonly InspectedTool[]>
}

export interface ToolsCommandSettings {
  /** Called once a command is understood; what it gives is disposed of when the command ends. */
  readonly openTools: (io: Io) => ToolsToInspect
}

/** The commands that list and check tools. */
export function createToolsCommand({ openTools }: ToolsCommandSettings): Command {
  async function run(args: readonly string[], io: Io): Promise<number> {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    })
    const [action = '', name, ...others] = positionals
    const isUnderstood = action === 'list' ? name === undefined : action === 'check' && !values.json
    if (!isUnderstood || others.length > 0) throw new UsageError('expected "list" or "check [NAME]".')
    await using tools = openTools(io)
    try {
      const inspected = await tools.inspect(name, io.stop)
      if (action === 'check') return check(inspected, io)
      io.stdout.write(values.json ? asJson(inspected) : asTable(inspected))
      return 0
    } catch (error) {
      if (!io.stop.aborted) throw error
      io.stderr.write('Stopped.\n')
      return 1
    }
  }
  return { usage, run }
}

function asJson(inspected: readonly InspectedTool[]): string {
  const rows = inspected.map(({ name, description, tools, failure }) => ({
    name,
    description,
    failure: failure ?? null,
    tools: tools.map((tool) => ({ name: tool.name, description: tool.description })),
  }))
  return `${JSON.stringify(rows, null, 2)}\n`
}

const none = 'No tools are configured: docs/tools.md says how to add some.\n'

function asTable(inspected: readonly InspectedTool[]): string {
  if (inspected.length === 0) return none
  const rows = inspected.flatMap(({ name, tools, failure }) =>
    failure === undefined
      ? tools.map((tool) => [tool.name, oneLine(tool.description)])
      : [[name, oneLine(failure)]],
  )
  return table([['NAME', 'DESCRIPTION'], ...rows])
}

function check(inspected: readonly InspectedTool[], io: Io): number {
  const rows = inspected.map(({ name, description, tools, failure, latencyMs }) => [
    failure === undefined ? 'works' : 'failed',
    name,
    `${latencyMs} ms`,
    failure === undefined ? countOf(tools.filter((tool) => tool.name !== name || tools.length === 1)) : '-',
    oneLine(failure ?? description),
  ])
  io.stdout.write(rows.length === 0 ? none : table(rows))
  return inspected.some(({ failure }) => failure !== undefined) ? 1 : 0
}

function countOf(tools: readonly ServedTool[]): string {
  return tools.length === 1 ? '1 tool' : `${tools.length} tools`
}

const maxCellLength = 100

/** Descriptions are texts of others: without line breaks and marks that a terminal would obey. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > maxCellLength ? `${line.slice(0, maxCellLength)}…` : line
}
