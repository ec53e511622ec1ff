import { describe, expect, it } from 'vitest'
import { createToolsCommand, type ToolsToInspect } from '../../src/cli/tools.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { runCaptured } from '../support/run-command.ts'

type Inspected = Awaited<ReturnType<ToolsToInspect['inspect']>>

const inspected: Inspected = [
  {
    name: 'files',
    description: 'MCP server: npx',
    tools: [
      { name: 'files', description: 'All tools of files.' },
      { name: 'files.read', description: 'Reads a file.\n\u001b[31mArgs:\u001b[0m path' },
      { name: 'files.write', description: 'x'.repeat(150) },
    ],
    failure: undefined,
    latencyMs: 812,
  },
  { name: 'mail', description: 'MCP server: mail', tools: [], failure: 'It is away.', latencyMs: 7 },
  {
    name: 'fetch_url',
    description: 'built in: reads web pages',
    tools: [{ name: 'fetch_url', description: 'Reads a page.' }],
    failure: undefined,
    latencyMs: 0,
  },
]

async function run(args: string[], found: Inspected = inspected, stop = new AbortController().signal) {
  let closed = 0
  const command = createToolsCommand({
    openTools: () => ({
      inspect: async (name, signal) => {
        signal.throwIfAborted()
        return found.filter((one) => name === undefined || one.name === name)
      },
      [Symbol.asyncDispose]: async () => {
        closed += 1
      },
    }),
  })
  const ended = await runCaptured((io) => command.run(args, io), { stop })
  expect(closed).toBe(1)
  return ended
}

describe('assize tools list', () => {
  it('shows what judges can name, and what is away', async () => {
    const { code, stdout } = await run(['list'])
    expect(code).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "NAME         DESCRIPTION
      files        All tools of files.
      files.read   Reads a file. [31mArgs: [0m path
      files.write  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
      mail         It is away.
      fetch_url    Reads a page.
      "
    `)
  })

  it('shows it as JSON', async () => {
    const { code, stdout } = await run(['list', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'files', failure: null, tools: { length: 3 } },
      { name: 'mail', failure: 'It is away.', tools: [] },
      { name: 'fetch_url', description: 'built in: reads web pages' },
    ])
  })

  it('says where there are none how to add some', async () => {
    expect(await run(['list'], [])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('docs/tools.md'),
    })
    expect(await run(['list', '--json'], [])).toMatchObject({ code: 0, stdout: '[]\n' })
  })
})

describe('assize tools check', () => {
  it('fails when one of them can not be reached', async () => {
    const { code, stdout } = await run(['check'])
    expect(code).toBe(1)
    expect(stdout).toMatchInlineSnapshot(`
      "works   files      812 ms  2 tools  MCP server: npx
      failed  mail       7 ms    -        It is away.
      works   fetch_url  0 ms    1 tool   built in: reads web pages
      "
    `)
  })

  it('takes one alone', async () => {
    expect((await run(['check', 'files'])).code).toBe(0)
    expect((await run(['check', 'mail'])).code).toBe(1)
  })

  it('says that it was stopped', async () => {
    const result = await run(['check'], inspected, AbortSignal.abort(new Error('SIGINT')))
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: 'Stopped.\n' })
  })
})

it.each([[[]], [['list', 'x']], [['check', 'a', 'b']], [['check', '--json']], [['start']]])(
  'assize tools does not understand %j',
  async (args) => {
    await expect(run(args)).rejects.toBeInstanceOf(UsageError)
  },
)
