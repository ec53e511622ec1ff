import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startProviderServer } from '../support/provider-server.ts'
import { makeDataDir, Program } from './running-program.ts'

/** Makes a program say at its end, on standard error, which packages it loaded. */
const sayPackages = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  const loaded = new Set()
  registerHooks({
    load(url, context, next) {
      const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? []
      if (name) loaded.add(name)
      return next(url, context)
    },
  })
  process.on('exit', () => process.stderr.write([...loaded].sort().join(' ')))
`)}`

const judge = {
  name: 'Questions',
  description: '',
  model_name: 'gpt-4.1-mini',
  output: { options: [{ value: 'yes', description: 'It is a question.' }] },
  instructions: 'Is it a question?',
  tools: [],
}

const heavy = /^(?:@?fastify|@scalar|kysely|pg|ai|@ai-sdk|@mistralai|@modelcontextprotocol|node-llama-cpp)\b/

async function packagesOf(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const program = new Program(args, { NODE_OPTIONS: `--import=${sayPackages}`, ...env })
  expect({ code: await program.end(), said: program.stderr }).toMatchObject({ code: 0 })
  return program.stderr.split(' ')
}

describe('a start', () => {
  it('loads no package to say what there is', async () => {
    expect(await packagesOf(['--help'])).toEqual([''])
  })

  it('loads neither the server, the database nor an SDK to judge by a file', async () => {
    await using provider = await startProviderServer()
    const dataDir = await makeDataDir()
    await mkdir(dataDir)
    const [judgeFile, conversationFile] = [join(dataDir, 'judge.yaml'), join(dataDir, 'conversation.json')]
    await writeFile(judgeFile, JSON.stringify(judge))
    await writeFile(conversationFile, JSON.stringify([{ role: 'user', content: 'Is it?' }]))
    const env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.baseUrl, ASSIZE_DATA_DIR: dataDir }
    const loaded = await packagesOf(['judge', '--judge', judgeFile, '--conversation', conversationFile], env)
    expect(provider.requests).toHaveLength(1)
    expect(loaded).toEqual(expect.arrayContaining(['undici', 'zod']))
    expect(loaded.filter((name) => heavy.test(name))).toEqual([])
  })

  it('loads none of them either to judge a file of records by a file', async () => {
    await using provider = await startProviderServer()
    const dataDir = await makeDataDir()
    await mkdir(dataDir)
    const [judgeFile, dataFile] = [join(dataDir, 'judge.yaml'), join(dataDir, 'data.jsonl')]
    await writeFile(judgeFile, JSON.stringify(judge))
    await writeFile(dataFile, '{"messages": [{"role": "user", "content": "Is it?"}]}\n')
    const env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.baseUrl, ASSIZE_DATA_DIR: dataDir }
    const args = ['--judge', judgeFile, '--data', dataFile, '--out', join(dataDir, 'out.jsonl')]
    const loaded = await packagesOf(['run', ...args], env)
    expect(provider.requests).toHaveLength(1)
    expect(loaded).toEqual(expect.arrayContaining(['undici', 'zod']))
    expect(loaded.filter((name) => heavy.test(name) || name === 'hyparquet')).toEqual([])
  })

  it('keeps what it compiled in the cache of its user', async () => {
    const dataDir = await makeDataDir()
    expect(await new Program(['--help'], { XDG_CACHE_HOME: dataDir }).end()).toBe(0)
    expect((await readdir(join(dataDir, 'assize'), { recursive: true })).length).toBeGreaterThan(5)
  })

  it('needs no place to keep anything', async () => {
    const dataDir = await makeDataDir()
    await writeFile(dataDir, 'a file, and no folder')
    const program = new Program(['--help'], { XDG_CACHE_HOME: dataDir })
    expect(await program.end()).toBe(0)
    expect(program.stdout).toContain('Usage: assize')
    expect(program.stderr).toBe('')
  })
})
