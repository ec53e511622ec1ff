import type { Readable } from 'node:stream'
import { streamLines } from './stream-lines.ts'

/** One event of a stream of server-sent events. */
export interface RemoteEvent {
  readonly event: string
  readonly data: string
}

/**
 * Reads server-sent events; comments are left out, and so is an event that the stream ends in.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* readEvents(stream: Readable): AsyncGenerator<RemoteEvent, void, undefined> {
  let [event, data]: [string, string[]] = ['message', []]
  for await (const line of streamLines(stream)) {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? []
    if (name === 'event') event = value
    else if (name === 'data') data.push(value)
    else if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n') }
      ;[event, data] = ['message', []]
    }
  }
}
