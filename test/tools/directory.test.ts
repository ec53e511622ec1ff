import { describe, expect, it } from 'vitest'
import { AssizeError } from '../../src/errors.ts'
import { ToolUnavailable } from '../../src/judging/tool.ts'
import { Directory, type DirectorySettings } from '../../src/tools/directory.ts'
import type { ToolSource } from '../../src/tools/tool-source.ts'
import { never } from '../support/open-tools.ts'

function source(
  name: string,
  toolNames?: readonly string[],
  failure?: Error,
): ToolSource & { opened: number } {
  const made = {
    name,
    description: `is ${name}`,
    hasNamedTools: toolNames !== undefined,
    opened: 0,
    tools: async () => {
      made.opened += 1
      if (failure) throw failure
      return (toolNames ?? [name]).map((toolName) => ({
        name: toolName,
        description: `does ${toolName}`,
        parameters: { type: 'object' },
        call: async () => ({ text: toolName, isError: false }),
      }))
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
  return made
}

function directory(sources: readonly ToolSource[], rest: Partial<DirectorySettings> = {}): Directory {
  return new Directory({
    sources,
    access: {},
    findWorkspaceName: async (id) => (id === 'gone' ? undefined : id),
    ...rest,
  })
}

async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AssizeError)
  expect((error as AssizeError).situation).toBe('tool_not_served')
  return (error as AssizeError).message
}

const files = () => source('files', ['read', 'write', 'read.more'])

describe('names', () => {
  it('mean a tool, or all of a server, each once', async () => {
    const tools = directory([files(), source('fetch_url')])
    const names = async (...wanted: string[]) =>
      (await tools.open(wanted, undefined, never)).map(({ name, servedName }) => [servedName, name])
    expect(await names('files.read')).toEqual([['files.read', 'files__read']])
    expect(await names('files.write', 'files', 'fetch_url', 'files')).toEqual([
      ['files.read', 'files__read'],
      ['files.write', 'files__write'],
      ['files.read.more', 'files__read_more'],
      ['fetch_url', 'fetch_url'],
    ])
    expect(await names()).toEqual([])
  })

  it('are different for a model, of at most 64 characters, and the same every time', async () => {
    const long = 'x'.repeat(80)
    const tools = directory([
      source('a', ['b__c', long, `${long}y`, 'é ü']),
      source('a__b', ['c', 'é?ü']),
      source('web'),
    ])
    const names = (await tools.open(['a', 'a__b', 'web'], undefined, never)).map(({ name }) => name)
    expect(new Set(names).size).toBe(7)
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    expect((await tools.open(['a', 'a__b', 'web'], undefined, never)).map(({ name }) => name)).toEqual(names)
  })

  it('that nobody serves are refused before anything is started', async () => {
    const one = files()
    const tools = directory([one, source('fetch_url')])
    expect(await refusal(tools.open(['files', 'x', 'fetch_url.y'], undefined, never))).toBe(
      'tools: this server does not have "x", "fetch_url.y"; it has files, fetch_url.',
    )
    expect(one.opened).toBe(0)
    expect(await refusal(directory([]).open(['x'], undefined, never))).toBe(
      'tools: this server does not have "x"; it has no tools.',
    )
  })

  it('that a server lacks are refused with what it has', async () => {
    const tools = directory([files(), source('fetch_url')])
    expect(await refusal(tools.open(['fetch_url', 'files.delete'], undefined, never))).toBe(
      'tools: this server does not have "files.delete"; it has files, fetch_url, files.read, files.write, files.read.more.',
    )
  })

  it('of a server that is away throw what it throws', async () => {
    const tools = directory([source('files', [], new ToolUnavailable('away'))])
    await expect(tools.open(['files'], undefined, never)).rejects.toThrow(new ToolUnavailable('away'))
  })
})

describe('a workspace', () => {
  const access = { research: ['web', 'files.read'], nothing: [], '*': ['web'] }

  it('that is listed has what it may use, as if there were nothing else', async () => {
    const one = files()
    const tools = directory([one, source('web')], { access })
    const all = await tools.open(['web', 'files'], 'research', never)
    expect(all.map(({ servedName }) => servedName)).toEqual(['files.read', 'web'])
    expect((await tools.list('research', never)).map(({ name }) => name)).toEqual([
      'files',
      'files.read',
      'web',
    ])
    for (const name of ['files.write', 'files.read.more', 'other']) {
      expect(await refusal(tools.open([name], 'research', never))).toBe(
        `tools: this server does not have "${name}"; it has web, files.read.`,
      )
    }
    expect(await refusal(tools.open(['web'], 'nothing', never))).toBe(
      'tools: this server does not have "web"; it has no tools.',
    )
  })

  it('that is not listed has what the star has, or everything', async () => {
    const one = files()
    const starred = directory([one, source('web')], { access })
    expect(await refusal(starred.open(['files'], 'other', never))).toMatch(/it has web\.$/)
    expect(await starred.list('other', never)).toEqual([{ name: 'web', description: 'does web' }])
    expect(one.opened).toBe(0)
    const open = directory([files(), source('web')], { access: { research: [] } })
    expect(await open.open(['files'], 'other', never)).toHaveLength(3)
  })

  it.each(['toString', '__proto__', 'constructor'])('called %s is not listed', async (name) => {
    const tools = directory([source('web')], { access })
    expect(await tools.open(['web'], name, never)).toHaveLength(1)
  })

  it('that is gone has nothing, and who belongs to none has everything', async () => {
    const tools = directory([source('web')], { access })
    expect(await refusal(tools.open(['web'], 'gone', never))).toMatch(/it has no tools/)
    expect(await tools.open(['web'], undefined, never)).toHaveLength(1)
  })

  it('is looked up once', async () => {
    let lookups = 0
    const findWorkspaceName = async (id: string) => {
      lookups += 1
      return id
    }
    const tools = directory([source('web')], { access, findWorkspaceName })
    for (let times = 0; times < 3; times += 1) await tools.open(['web'], 'research', never)
    expect(lookups).toBe(1)
    await directory([source('web')], { findWorkspaceName }).open(['web'], 'research', never)
    expect(lookups).toBe(1)
  })
})

describe('a list', () => {
  it('leaves out what is away', async () => {
    const tools = directory([source('files', [], new ToolUnavailable('away')), source('web')])
    expect(await tools.list(undefined, never)).toEqual([{ name: 'web', description: 'does web' }])
  })

  it('lets through what nobody foresaw, and the reason to stop', async () => {
    const broken = directory([source('files', [], new RangeError('a fault'))])
    await expect(broken.list(undefined, never)).rejects.toThrow('a fault')
    await expect(broken.inspect(undefined, never)).rejects.toThrow('a fault')
  })

  it('of what is inspected says what is away, and why', async () => {
    const tools = directory([files(), source('mail', [], new ToolUnavailable('away'))])
    expect(await tools.inspect(undefined, never)).toMatchObject([
      { name: 'files', description: 'is files', failure: undefined, tools: { length: 4 } },
      { name: 'mail', failure: 'away', tools: [] },
    ])
    expect(await tools.inspect('mail', never)).toHaveLength(1)
    expect(() => tools.inspect('post', never)).toThrow('it has files, mail.')
  })
})
