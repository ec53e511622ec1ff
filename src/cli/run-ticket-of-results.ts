import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { AssizeError } from '../errors.ts'
import { fileLines } from './file-lines.ts'
import { parseResult } from './run-result.ts'
import type { Ticket, TicketFile } from './run-ticket.ts'

/**
 * Makes the ticket of a run anew from its results, all of which are there.
 * @returns undefined where there are no results
 * @throws AssizeError `request_invalid` where they are of no run on a server
 */
export async function ticketOfResults(
  path: string,
  server: string,
  ticketFile: TicketFile,
): Promise<Ticket | undefined> {
  if (!existsSync(path)) return undefined
  await using file = await open(path)
  let ticket: Ticket | undefined
  for await (const { text } of fileLines(file)) {
    const result = parseResult(text)
    if (result === undefined || result.run_id === null) {
      throw new AssizeError(
        'request_invalid',
        `${path} is of no run on a server; go on without --server, or give another --out.`,
      )
    }
    ticket ??= {
      server,
      run_id: result.run_id,
      judge_fingerprint: result.judge_fingerprint,
      refused: 0,
    }
    await ticketFile.add({ line: result.line, id: result.id, fingerprint: result.input_fingerprint })
  }
  if (ticket !== undefined) await ticketFile.complete(ticket)
  return ticket
}
