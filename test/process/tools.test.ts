import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { isRunning, type OddProcess, oddProcess } from '../support/odd-process.ts'
import { createClient } from './client.ts'
import { makeDataDir, node, Program, serve } from './running-program.ts'

const key = 'the-key-of-this-test'

/** A configuration file with these servers, the second behind a shell as `npx` is. */
async function configure(dataDir: string, odd: OddProcess, wrapped: OddProcess): Promise<string> {
  const path = join(dirname(dataDir), 'assize.yaml')
  const [program = ''] = odd.tool.args
  const tools = {
    odd: { mcp: { command: node, args: [program], env: odd.tool.environment, env_from: { TOKEN: 'ODD' } } },
    wrapped: {
      mcp: { command: 'sh', args: ['-c', `${node} ${program}; exit $?`], env: wrapped.tool.environment },
    },
  }
  await writeFile(path, stringify({ tools }))
  return path
}

describe.each(['', 'stubborn'] as const)('servers of tools that are %j', (mode) => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('end with the program that %s ends', async (signal) => {
    const dataDir = await makeDataDir()
    const [odd, wrapped] = [oddProcess(mode), oddProcess(mode)]
    const { program, url } = await serve(dataDir, {
      ASSIZE_API_KEY: key,
      ASSIZE_CONFIG: await configure(dataDir, odd, wrapped),
      ODD: 'zebra-zebra',
    })
    const pids = () => [...odd.pids(), ...wrapped.pids()]
    expect(pids()).toEqual([])
    const { body } = await createClient({ url, key, keepsAlive: false })('GET', '/v1/observability/tools')
    const names = (body as { tools: { name: string }[] }).tools.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['odd', 'odd.pid', 'wrapped', 'wrapped.pid']))
    expect(pids().map(isRunning)).toEqual([true, true])
    const code = await program.end(signal)
    if (signal === 'SIGTERM') {
      expect(code).toBe(0)
      expect(pids().map(isRunning)).toEqual([false, false])
    }
    await expect.poll(() => pids().map(isRunning), { timeout: 5000 }).toEqual([false, false])
    expect(program.stderr + program.stdout).not.toContain('zebra-zebra')
  })
})

it('"assize tools" lists and checks, and leaves nothing', async () => {
  const dataDir = await makeDataDir()
  const [odd, broken] = [oddProcess(), oddProcess('broken')]
  const env = {
    ASSIZE_DATA_DIR: dataDir,
    ASSIZE_CONFIG: await configure(dataDir, odd, broken),
    ODD: 'zebra-zebra',
  }
  const list = new Program(['tools', 'list'], env)
  expect(await list.end()).toBe(0)
  expect(list.stdout).toMatch(/^NAME +DESCRIPTION\nodd +All tools of odd\.\nodd\.pid +Its process\./)
  expect(list.stdout).toMatch(/^wrapped +The tool wrapped can't be reached: it ended with code 4\.$/m)
  const check = new Program(['tools', 'check', 'odd'], env)
  expect(await check.end()).toBe(0)
  expect(check.stdout).toMatch(/^works +odd +\d+ ms +8 tools +MCP server: /)
  const failing = new Program(['tools', 'check'], env)
  expect(await failing.end()).toBe(1)
  expect(failing.stdout).toMatch(/^works .*\nfailed +wrapped .*it ended with code 4/)
  expect([...odd.pids(), ...broken.pids()].filter(isRunning)).toEqual([])
  for (const program of [list, check, failing]) {
    expect(program.stdout + program.stderr).not.toContain('zebra')
    expect(program.stderr).toBe('')
  }
})
