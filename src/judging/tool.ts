/** A tool as a model is told of it. */
export interface ToolDescription {
  /** As the model calls it: 1 to 64 letters, digits, `_` and `-`; no two tools of a judgment share one. */
  readonly name: string
  /** What it does, for the model. */
  readonly description: string
  /** JSON schema of its arguments, of type `object`. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** A tool that Mistral itself runs for its models. */
export interface Connector {
  readonly type: 'web_search' | 'web_search_premium' | 'code_interpreter' | 'document_library'
  /** Of `document_library`: where to look. */
  readonly libraryIds: readonly string[]
}

/** A connector as a judge names it. */
export interface OfferedConnector extends Connector, Pick<Tool, 'servedName'> {}

/** What a call of a tool gave. It is hostile text, like the conversation. */
export interface ToolResult {
  /** For the model: what was found, or what went wrong. */
  readonly text: string
  /** Whether the tool failed at what it was asked. */
  readonly isError: boolean
}

/** A tool that is ready to be called. */
export interface Tool extends ToolDescription {
  /** What a judge's `tools` can say to have this tool alone, like `files.read_text_file`. */
  readonly servedName: string
  /** Where a model's provider calls it, and not this program: `call` is then never used. */
  readonly connector?: Connector
  /**
   * @param args what the model gave, an object; the tool checks it
   * @returns what it gave: a failure of its own is a result, shown to the model
   * @throws ToolUnavailable where it can't be reached at all; the signal's reason
   */
  call(args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult>
}

/** A tool that can't be reached. The message is fit for the caller: it holds no secret. */
export class ToolUnavailable extends Error {
  override readonly name = 'ToolUnavailable'
}

/** What this server can be asked to let judges use. */
export interface ServedTool {
  /** What a judge's `tools` can say. */
  readonly name: string
  readonly description: string
}

/** Finds tools by the names that judges list. */
export interface ToolDirectory {
  /**
   * Makes the tools ready that these names mean, each once; starts and connects what it must.
   * @param names what a judge's `tools` say: a tool, or a name that stands for several
   * @param workspaceId whose judge it is: a workspace may be held to some tools
   * @throws AssizeError `tool_not_served`, which lists what is served; ToolUnavailable; the signal's reason
   */
  open(
    names: readonly string[],
    workspaceId: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly Tool[]>
  /** What a workspace's judges can name. What can't be reached is left out. Throws the signal's reason. */
  list(workspaceId: string | undefined, signal: AbortSignal): Promise<readonly ServedTool[]>
}
