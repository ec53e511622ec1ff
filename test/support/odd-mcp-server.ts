import { appendFileSync, existsSync } from 'node:fs'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createOddServer } from './odd-tools.ts'

/** A program that is an MCP server. ODD_LEDGER is where it notes what happens. */
const { ODD_LEDGER: ledger = '', ODD_MODE: mode = '', TOKEN: token } = process.env

appendFileSync(ledger, `start ${process.pid}\n`)
process.stderr.write(`The token is ${token}.\n`)
if (mode === 'broken' || existsSync(`${ledger}.broken`)) process.exit(4)
if (mode === 'noisy') process.stdout.write('Welcome! {"this":"is no message"}\n')
if (mode === 'stubborn') {
  process.on('SIGTERM', () => appendFileSync(ledger, 'ignored SIGTERM\n'))
  setInterval(() => undefined, 1000)
}
if (mode === 'mute') setInterval(() => undefined, 1000)
else await createOddServer({ ledger, token }).connect(new StdioServerTransport())
