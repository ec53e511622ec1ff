import { ToolUnavailable } from '../judging/tool.ts'
import type { ToolSource } from './tool-source.ts'

/** A source that is made when it is first used, so that a program that uses none loads nothing for it. */
export function createLazySource(
  about: Pick<ToolSource, 'name' | 'description' | 'hasNamedTools'>,
  make: () => Promise<ToolSource>,
): ToolSource {
  let made: Promise<ToolSource> | undefined
  let isClosed = false
  return {
    ...about,
    async tools(signal) {
      signal.throwIfAborted()
      if (isClosed) throw new ToolUnavailable(`The tool ${about.name} is closed.`)
      made ??= make()
      return (await made).tools(signal)
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      const source = await made?.catch(() => undefined)
      await source?.[Symbol.asyncDispose]()
    },
  }
}
