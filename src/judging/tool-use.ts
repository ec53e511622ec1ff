/** One call of a tool in a judgment, as it is kept. */
export interface ToolUse {
  /** What a judge's `tools` could say; the model's own word where there is no such tool. */
  readonly name: string
  /** As the model wrote them, cut by `keptArguments`. */
  readonly arguments: string
  /** Bytes of the result that the model was shown. */
  readonly resultBytes: number
  readonly latencyMs: number
  /** `failed`: the tool was called and failed; `refused`: the call could not be made. */
  readonly outcome: 'done' | 'failed' | 'refused'
}

const maxKeptArguments = 1000

/** What is kept of a call's arguments, or of a name that is no tool's. */
export function keptArguments(text: string): string {
  return text.slice(0, maxKeptArguments)
}
