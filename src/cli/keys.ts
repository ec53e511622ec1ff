import { parseArgs } from 'node:util'
import type { KeyRecord } from '../access/key-store.ts'
import { firstWorkspaceName, type Keys } from '../access/keys.ts'
import { type Role, roles } from '../access/role.ts'
import { createAssize } from '../assize.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize keys create --name NAME [--role viewer|editor|admin] [--owner NAME] [--expires DATE|DAYS] [--workspace NAME]
       assize keys list [--workspace NAME] [--json]
       assize keys revoke ID [--workspace NAME]

create prints the key on standard output, once: only its hash is kept. DATE is like 2027-01-31 or
2027-01-31T12:00:00Z, DAYS like 90d. The role is editor unless given; the workspace ${firstWorkspaceName}.`

const options = {
  name: { type: 'string' },
  role: { type: 'string', default: 'editor' },
  owner: { type: 'string', default: 'admin' },
  expires: { type: 'string' },
  workspace: { type: 'string', default: firstWorkspaceName },
  json: { type: 'boolean', default: false },
} as const

type Options = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [action, id, ...others] = positionals
  if (others.length > 0 || (action === 'revoke') !== (id !== undefined)) {
    throw new UsageError('expected "create", "list" or "revoke ID".')
  }
  const now = new Date()
  const request = action === 'create' ? readRequest(values, now) : undefined
  await using assize = await createAssize({ ...loadConfig(io.env, io.workingDir), logLevel: 'warn' })
  switch (action) {
    case 'create':
      return await create(assize.keys, request as Request, io)
    case 'list':
      return list(await assize.keys.list(values.workspace), values.json, now, io)
    case 'revoke':
      return await revoke(assize.keys, values.workspace, id as string, io)
    default:
      throw new UsageError('expected "create", "list" or "revoke ID".')
  }
}

type Request = Parameters<Keys['create']>[0]

function readRequest({ name, role, owner, expires, workspace }: Options, now: Date): Request {
  if (name === undefined || name.trim() === '')
    throw new UsageError('create needs --name, which says what the key is for.')
  if (!roles.includes(role as Role)) throw new UsageError(`--role is ${role}; expected ${roles.join(', ')}.`)
  return {
    name,
    role: role as Role,
    ownerName: owner,
    workspaceName: workspace,
    expiresAt: readExpiry(expires, now),
  }
}

const dayMs = 86_400_000

function readExpiry(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const expiresAt = days === undefined ? new Date(text) : new Date(now.getTime() + Number(days) * dayMs)
  if (Number.isNaN(expiresAt.getTime()) || (days === undefined && !/^\d{4}-\d\d-\d\d/.test(text))) {
    throw new UsageError(`--expires is ${text}; expected a date like 2027-01-31, or days like 90d.`)
  }
  if (expiresAt <= now) throw new UsageError(`--expires is ${text}, which has passed.`)
  return expiresAt
}

async function create(keys: Keys, request: Request, io: Io): Promise<number> {
  const { key, record } = await keys.create(request)
  io.stderr.write(`Key ${record.id} (${record.role}): keep it, it is shown only now.\n`)
  io.stdout.write(`${key}\n`)
  return 0
}

function list(records: readonly KeyRecord[], asJson: boolean, now: Date, io: Io): number {
  const rows = records.map((record) => ({
    id: record.id,
    key: record.hint,
    name: record.name,
    role: record.role,
    state: stateOf(record, now),
    created: record.createdAt.toISOString(),
    expires: record.expiresAt?.toISOString() ?? null,
    last_used: record.lastUsedAt?.toISOString() ?? null,
  }))
  if (asJson) io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else
    for (const row of rows)
      io.stdout.write(
        `${Object.values(row)
          .map((value) => value ?? '-')
          .join('\t')}\n`,
      )
  return 0
}

function stateOf({ revokedAt, expiresAt }: KeyRecord, now: Date): 'living' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'living'
}

async function revoke(keys: Keys, workspaceName: string, id: string, io: Io): Promise<number> {
  if ((await keys.revoke(workspaceName, id)) === 'revoked') return 0
  io.stderr.write(`Workspace ${workspaceName} has no key ${id}; "assize keys list" shows its keys.\n`)
  return 1
}

export const keysCommand: Command = { usage, run }
