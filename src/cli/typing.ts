import type { Io } from './commands.ts'

/** What a person types: single keys on a terminal, lines elsewhere. */
export interface Typing extends Disposable {
  /** One key; elsewhere than on a terminal one line. Undefined at the end of the input. */
  key(): Promise<string | undefined>
  /**
   * A line, without its end; on a terminal one of `keys` alone is enough where nothing else was typed before it.
   * Undefined at the end of the input.
   */
  line(keys: readonly string[]): Promise<string | undefined>
}

const enter = ['\r', '\n']
/** Backspace, and what terminals send for it. */
const erase = ['\b', '\u007f']
/** Ctrl-C and Ctrl-D. */
const end = ['\u0003', '\u0004']

/** Reads what is typed at standard input; disposing gives the terminal back. */
export function createTyping({ stdin, stdout, stop }: Io): Typing {
  const input = stdin as NodeJS.ReadStream
  const isTerminal = input.isTTY === true
  if (isTerminal) input.setRawMode(true)
  input.setEncoding('utf8')
  const characters = charactersOf(input, stop)
  async function next(): Promise<string | undefined> {
    const { value, done } = await characters.next()
    return done || (isTerminal && end.includes(value)) ? undefined : value
  }
  async function line(keys: readonly string[]): Promise<string | undefined> {
    let typed = ''
    for (;;) {
      const character = await next()
      if (character === undefined) return typed === '' ? undefined : typed
      if (enter.includes(character)) return typed
      if (erase.includes(character)) typed = typed.slice(0, -1)
      else typed += character
      if (isTerminal) stdout.write(erase.includes(character) ? '\b \b' : character)
      if (isTerminal && keys.includes(typed)) return typed
    }
  }
  return {
    key: () => (isTerminal ? next() : line([])),
    line,
    [Symbol.dispose]() {
      if (isTerminal) input.setRawMode(false)
      input.pause()
    },
  }
}

async function* charactersOf(input: NodeJS.ReadStream, stop: AbortSignal): AsyncGenerator<string, undefined> {
  const leave = (): void => void input.destroy()
  stop.addEventListener('abort', leave, { once: true })
  try {
    for await (const chunk of input) yield* String(chunk)
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    stop.removeEventListener('abort', leave)
  }
  return undefined
}
