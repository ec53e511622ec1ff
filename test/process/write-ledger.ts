import { approval, path } from '../support/test-assize.ts'
import { Dropped, NotConnected, type Send } from './client.ts'

/** What a judge's readers may see of it: its instructions, or nothing. */
type Visible = string | 'absent'

/** What is known of one judge from the answers to its writer. */
export interface Entry {
  readonly name: string
  id: string | undefined
  /** As the last answer left it. */
  acknowledged: Visible
  /** As a request without an answer would leave it. */
  pending: Visible | undefined
  revisions: number
  judgments: number
  /** A judgment without an answer: it may be kept or not. */
  judgmentIsPending: boolean
}

const conversation = { messages: [{ role: 'assistant', content: 'Paris.' }] }

/** Writes judges through their lives until the server is gone; each is in the ledger before its first request. */
export async function write(writer: string, send: Send, ledger: Entry[]): Promise<void> {
  try {
    for (let round = 0; ; round += 1) {
      const entry = newEntry(`${writer} ${round}`)
      ledger.push(entry)
      await liveOneLife(entry, send, round)
    }
  } catch (error) {
    if (!(error instanceof NotConnected || error instanceof Dropped)) throw error
  }
}

function newEntry(name: string): Entry {
  return {
    name,
    id: undefined,
    acknowledged: 'absent',
    pending: undefined,
    revisions: 0,
    judgments: 0,
    judgmentIsPending: false,
  }
}

async function liveOneLife(entry: Entry, send: Send, round: number): Promise<void> {
  await change(entry, send, 'POST', path, 'first')
  await judge(entry, send)
  await change(entry, send, 'PUT', `${path}/${entry.id}`, 'second')
  await judge(entry, send)
  await change(entry, send, 'PUT', `${path}/${entry.id}`, 'third')
  if (round % 2 === 0) await change(entry, send, 'DELETE', `${path}/${entry.id}`, 'absent')
}

async function change(entry: Entry, send: Send, method: string, url: string, to: Visible): Promise<void> {
  const definition = { ...approval, name: entry.name, instructions: to, model_name: 'openai/anything' }
  entry.pending = to
  const { status, body } = await send(method, url, method === 'DELETE' ? undefined : definition)
  if (status >= 300) throw new Error(`${method} was answered ${status}: ${JSON.stringify(body)}`)
  entry.acknowledged = to
  entry.pending = undefined
  if (to !== 'absent') entry.revisions += 1
  if (method === 'POST') entry.id = (body as { id: string }).id
}

async function judge(entry: Entry, send: Send): Promise<void> {
  entry.judgmentIsPending = true
  const { status, body } = await send('POST', `${path}/${entry.id}/live-judging`, conversation)
  if (status !== 200) throw new Error(`Judging was answered ${status}: ${JSON.stringify(body)}`)
  entry.judgments += 1
  entry.judgmentIsPending = false
}
