import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import type { Command, Io } from './commands.ts'
import { findNamed } from './find-named.ts'
import { type AskedOutput, askForLabel, type LabelEntry } from './label-entry.ts'
import { recordText } from './label-record.ts'
import { type Api, openApi } from './open-api.ts'
import { apiPath } from './remote.ts'
import { createTyping, type Typing } from './typing.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize label DATASET --judge J [--run RUN] [--author NAME] [--limit N] [--server URL] [--key-file FILE]

Asks you the judge's question on one conversation after another, and keeps your labels.

DATASET     a dataset's id or name
--judge     the judge whose question you answer: its id or name
--run       take the records that this run's label queue picks: those that tell the most of what the judge gets wrong.
            Without it, the dataset's records in their order, those that you have labelled left out
--author    whose labels they are; your login name unless given
--limit     stop after N records
--server    a server; without it, the database of this machine
--key-file  a file with the key to use; the first key of this machine without it

Keys: the option's number, or the number on the scale and Enter; x can't be told, s skip, u undo, q quit. What you have
labelled is kept at once.`

const options = {
  judge: { type: 'string' },
  run: { type: 'string' },
  author: { type: 'string' },
  limit: { type: 'string' },
  server: { type: 'string' },
  'key-file': { type: 'string' },
} as const

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [dataset, ...others] = positionals
  if (dataset === undefined || others.length > 0) throw new UsageError('label needs one DATASET.')
  if (values.judge === undefined) throw new UsageError('label needs --judge.')
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit)
  if (!(limit >= 1))
    throw new UsageError(`--limit is ${JSON.stringify(values.limit)}; expected a number from 1.`)
  await using api = await openApi({ server: values.server, keyFile: values['key-file'] }, io)
  const judge = await findNamed<Judge>(api, 'judges', values.judge)
  const { id: datasetId } = await findNamed(api, 'datasets', dataset)
  const session: Session = { api, judge, author: values.author ?? userInfo().username, io }
  const records = values.run === undefined ? unlabelled(session, datasetId) : picked(session, values.run)
  using typing = createTyping(io)
  const labelled = await labelAll(session, records, typing, limit)
  io.stdout.write(`\n${labelled} labelled by ${session.author}.\n`)
  return 0
}

interface Judge {
  readonly id: string
  readonly name: string
  readonly output: AskedOutput
}

interface Session {
  readonly api: Api
  readonly judge: Judge
  readonly author: string
  readonly io: Io
}

interface ShownRecord {
  readonly id: string
  readonly payload: { readonly messages: readonly unknown[] }
}

/** The dataset's records in their order, without those that this author has labelled. */
async function* unlabelled({ api, judge, author }: Session, datasetId: string): AsyncGenerator<ShownRecord> {
  for await (const record of api.list(`${apiPath}/datasets/${datasetId}/records`, 'records')) {
    const own = `${apiPath}/dataset-records/${record.id}/labels?judge_id=${judge.id}`
    let isLabelled = false
    for await (const label of api.list(own, 'labels')) isLabelled ||= label.author === author
    if (!isLabelled) yield record
  }
}

const picksAtOnce = 20

/** What the run's queue picks, and again once these are labelled: each label changes what tells the most next. */
async function* picked({ api }: Session, runId: string): AsyncGenerator<ShownRecord> {
  const seen = new Set<string>()
  for (;;) {
    const path = `${apiPath}/runs/${encodeURIComponent(runId)}/label-queue?n=${picksAtOnce + seen.size}`
    const { body: queue } = await api.call('GET', path)
    const fresh = queue.picks.filter(({ record_id: id }: { record_id: string }) => !seen.has(id))
    if (fresh.length === 0) return
    for (const { record_id: id } of fresh.slice(0, picksAtOnce)) {
      seen.add(id)
      yield (await api.call('GET', `${apiPath}/dataset-records/${id}`)).body
    }
  }
}

interface Given {
  readonly record: ShownRecord
  readonly labelId: string
}

async function labelAll(
  session: Session,
  records: AsyncGenerator<ShownRecord>,
  typing: Typing,
  limit: number,
): Promise<number> {
  const given: Given[] = []
  let handled = 0
  for await (const next of records) {
    let record = next
    for (;;) {
      const entry = await ask(session, record, typing, handled + 1)
      if (entry.kind === 'quit') return given.length
      if (entry.kind === 'undo') {
        const last = given.pop()
        if (last === undefined) session.io.stdout.write('There is nothing to undo.\n')
        else await remove(session, last)
        record = last?.record ?? record
        continue
      }
      if (entry.kind === 'label') given.push({ record, labelId: await give(session, record, entry.value) })
      // After an undo, the record that was next comes again.
      if (record === next) break
      record = next
    }
    handled += 1
    if (handled >= limit) break
  }
  return given.length
}

async function ask(
  { judge, io }: Session,
  record: ShownRecord,
  typing: Typing,
  number: number,
): Promise<LabelEntry> {
  io.stdout.write(`\n${recordText(record.payload.messages, `${number}, record ${record.id}`)}\n`)
  return askForLabel(judge.output, typing, io)
}

async function give({ api, judge, author }: Session, record: ShownRecord, value: unknown): Promise<string> {
  const json = { judge_id: judge.id, value, author }
  const { body } = await api.call('POST', `${apiPath}/dataset-records/${record.id}/labels`, { json })
  return body.id
}

async function remove({ api }: Session, { record, labelId }: Given): Promise<void> {
  await api.call('DELETE', `${apiPath}/dataset-records/${record.id}/labels/${labelId}`)
}

export const labelCommand: Command = { usage, run }
