import type { Readable } from 'node:stream'

/** The lines of a stream of UTF-8, without their ends; one that the stream ends in is the last. Throws what it does. */
export async function* streamLines(stream: Readable): AsyncGenerator<string, void, undefined> {
  let rest = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest
}
