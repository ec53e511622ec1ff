import type { Connector, ToolDescription, ToolResult } from '../judging/tool.ts'

/** A tool as its source has it. */
export interface SourceTool extends ToolDescription {
  /** Where a model's provider calls it. */
  readonly connector?: Connector
  /** @throws ToolUnavailable; the signal's reason */
  call(args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult>
}

/** What one entry of the configuration stands for. */
export interface ToolSource extends AsyncDisposable {
  /** As the configuration calls it. */
  readonly name: string
  /** What it is, in words that hold no secret. */
  readonly description: string
  /** Whether it has tools with names of their own, which are put behind its own name. */
  readonly hasNamedTools: boolean
  /**
   * Its tools, by its own names; starts and connects what it must.
   * @throws ToolUnavailable; the signal's reason
   */
  tools(signal: AbortSignal): Promise<readonly SourceTool[]>
}
