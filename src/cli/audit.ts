import { parseArgs } from 'node:util'
import { type AuditAction, type AuditEntry, type AuditQuery, auditActions } from '../access/audit.ts'
import { firstWorkspaceName } from '../access/keys.ts'
import { createAssize } from '../assize.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize audit [--action ACTION]... [--subject ID] [--key ID] [--since TIME] [--until TIME] [--limit N]
                    [--workspace NAME] [--json]

Shows who changed what, newest first, 50 lines unless --limit says otherwise: time, action, what was changed, the key
that did ("-" is the command line on this machine), the request's id, more of it. --json prints a line of JSON for each.
TIME is like 2027-01-31 or 2027-01-31T12:00:00Z. ACTION is one of
${auditActions.join(', ')}.`

const options = {
  action: { type: 'string', multiple: true },
  subject: { type: 'string' },
  key: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string', default: '50' },
  workspace: { type: 'string', default: firstWorkspaceName },
  json: { type: 'boolean', default: false },
} as const

type Options = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** What is read at once. */
const pageSize = 100

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options })
  const query = readQuery(values)
  const limit = /^[1-9]\d{0,8}$/.test(values.limit) ? Number(values.limit) : undefined
  if (limit === undefined) throw new UsageError(`--limit is ${values.limit}; expected a whole number from 1.`)
  await using assize = await createAssize({ ...loadConfig(io.env, io.workingDir), logLevel: 'warn' })
  const { id } = await assize.keys.findWorkspace(values.workspace)
  for (let [page, left] = [1, limit]; left > 0; page++) {
    const { items } = await assize.audit.list(id, { ...query, page, pageSize })
    for (const entry of items.slice(0, left)) io.stdout.write(`${lineOf(entry, values.json)}\n`)
    if (items.length < pageSize) break
    left -= items.length
  }
  return 0
}

function readQuery({
  action = [],
  subject,
  key,
  since,
  until,
}: Options): Omit<AuditQuery, 'page' | 'pageSize'> {
  for (const name of action) {
    if (!auditActions.includes(name as AuditAction))
      throw new UsageError(`--action is ${name}; expected one of ${auditActions.join(', ')}.`)
  }
  return {
    actions: action as AuditAction[],
    subjectId: readId('--subject', subject),
    keyId: readId('--key', key),
    since: readTime('--since', since),
    until: readTime('--until', until),
  }
}

function readId(option: string, text: string | undefined): string | undefined {
  if (text === undefined || /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text
  throw new UsageError(`${option} is ${text}; expected an id, a UUID.`)
}

function readTime(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const time = new Date(text)
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time
  throw new UsageError(`${option} is ${text}; expected a time like 2027-01-31 or 2027-01-31T12:00:00Z.`)
}

function lineOf({ at, action, subjectId, keyId, requestId, detail }: AuditEntry, asJson: boolean): string {
  const time = at.toISOString()
  if (!asJson) {
    const told = JSON.stringify(detail)
    return [time, action, subjectId ?? '-', keyId ?? '-', requestId ?? '-', told].join('\t')
  }
  return JSON.stringify({
    at: time,
    action,
    subject_id: subjectId,
    key_id: keyId,
    request_id: requestId,
    detail,
  })
}

export const auditCommand: Command = { usage, run }
