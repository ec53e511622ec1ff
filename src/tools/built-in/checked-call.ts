import type { z } from 'zod'
import type { Tool, ToolResult } from '../../judging/tool.ts'
import { linkedSignal } from '../linked-signal.ts'

/** A tool's own failure, for the model. */
export function failure(text: string): ToolResult {
  return { text, isError: true }
}

/**
 * Works for so long at most; what is not done by then is a failure of the tool.
 * @param work its signal aborts when the time is over, the caller's signal aborts or the work is done
 * @throws the signal's reason; what the work throws
 */
async function withinTime(
  timeoutMs: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<ToolResult>,
): Promise<ToolResult> {
  using linked = linkedSignal(signal)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    linked.abort(new Error('The time is over.'))
  }, timeoutMs)
  try {
    return await work(linked.signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isLate) return failure(`No whole answer came within ${timeoutMs / 1000} s.`)
    throw error
  } finally {
    clearTimeout(timer)
    linked.abort(new Error('The call is over.'))
  }
}

interface CheckedCall<Args> {
  readonly schema: z.ZodType<Args>
  /** What is told where the arguments are wrong: what is right. */
  readonly expected: string
  readonly timeoutMs: number | undefined
  readonly work: (args: Args, limit: AbortSignal) => Promise<ToolResult>
}

const usualTimeoutMs = 20_000

/** A tool's call: arguments that are wrong are a failure that says what is right, and the work has its time. */
export function checkedCall<Args>({
  schema,
  expected,
  timeoutMs = usualTimeoutMs,
  work,
}: CheckedCall<Args>): Tool['call'] {
  return async (args, signal) => {
    signal.throwIfAborted()
    const read = schema.safeParse(args)
    if (!read.success) return failure(`Expected ${expected}.`)
    return withinTime(timeoutMs, signal, (limit) => work(read.data, limit))
  }
}
