import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { ToolConfig } from '../../src/config.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const program = fileURLToPath(new URL('./odd-mcp-server.ts', import.meta.url))

export interface OddProcess {
  readonly tool: ToolConfig & { readonly kind: 'mcp_process' }
  readonly ledgerPath: string
  /** What happened so far. */
  ledger(): readonly string[]
  /** Of each start. */
  pids(): readonly number[]
}

type Mode = '' | 'broken' | 'noisy' | 'stubborn' | 'mute'

/** The configuration of an MCP server that is a program, and what it notes. */
export function oddProcess(mode: Mode = '', changes: Partial<ToolConfig> = {}): OddProcess {
  const folder = mkdtempSync(join(tmpdir(), 'assize-odd-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const ledgerPath = join(folder, 'ledger')
  const ledger = (): readonly string[] =>
    existsSync(ledgerPath) ? readFileSync(ledgerPath, 'utf8').trim().split('\n') : []
  const tool = {
    name: 'odd',
    kind: 'mcp_process',
    command: join(root, 'node_modules/.bin/node'),
    args: [program],
    cwd: root,
    environment: { ODD_LEDGER: ledgerPath, ODD_MODE: mode },
    startTimeoutMs: 20_000,
    timeoutMs: 10_000,
    maxResultBytes: 65_536,
    ...changes,
  } as const
  return {
    tool: tool as OddProcess['tool'],
    ledgerPath,
    ledger,
    pids: () => ledger().flatMap((line) => /^start (\d+)$/.exec(line)?.slice(1).map(Number) ?? []),
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A process that nobody waited for is still there by number.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
