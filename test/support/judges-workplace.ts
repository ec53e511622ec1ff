import { readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect } from 'vitest'
import { type Io, runCommand } from '../../src/cli/commands.ts'
import type { Definition } from '../../src/judges/definition.ts'
import type { Judge } from '../../src/judges/judge-store.ts'
import type { Author } from '../../src/judges/judges.ts'
import { type Run, runCaptured } from './run-command.ts'
import { startTestAssize, type TestAssize } from './test-assize.ts'

export interface JudgesWorkplace extends TestAssize {
  /** Holds the folder `judges`. */
  readonly dir: string
  readonly author: Author
  /** Runs `assize judges`. */
  judges(...args: readonly string[]): Promise<Run>
  /** The same on a terminal, where this is what is typed once it is asked for. */
  judgesAsked(typed: () => Promise<string>, ...args: readonly string[]): Promise<Run>
  read(file: string): Promise<string>
  write(file: string, content: string): Promise<void>
  edit(file: string, before: string, after: string): Promise<void>
  /** What is saved now. */
  saved(name: string): Promise<Judge | undefined>
  save(definition: Definition): Promise<Judge>
  change(name: string, change: Partial<Definition>): Promise<void>
}

/** A data folder with a folder of judges in it, and commands for its database or a server on it. */
export async function startJudgesWorkplace(where: 'local database' | 'server'): Promise<JudgesWorkplace> {
  const test = await startTestAssize()
  const dir = test.config.dataDir
  const author = await test.assize.keys.findOwner('default', 'somebody')
  const env = { ASSIZE_DATA_DIR: dir, ASSIZE_API_KEY: test.key }
  const flags: string[] = []
  if (where === 'server') {
    await test.assize.server.listen({ host: '127.0.0.1', port: 0 })
    flags.push('--server', `http://127.0.0.1:${(test.assize.server.server.address() as AddressInfo).port}`)
  }
  const path = (file: string) => join(dir, 'judges', file)
  const read = (file: string) => readFile(path(file), 'utf8')
  const command = (args: readonly string[]) => (io: Io) => runCommand(['judges', ...args, ...flags], io)
  const query = { page: 1, pageSize: 100, outputTypes: [], modelNames: [] }
  const saved = async (name: string) =>
    (await test.assize.judges.list(author, query)).items.find(
      ({ revision }) => revision.definition.name === name,
    )
  return {
    ...test,
    dir,
    author,
    read,
    saved,
    judges: (...args) => runCaptured(command(args), { env, workingDir: dir }),
    judgesAsked: (typed, ...args) =>
      runCaptured(command(args), {
        env,
        workingDir: dir,
        isOutputTTY: true,
        stdin: Readable.from(lines(typed)),
      }),
    write: (file, content) => writeFile(path(file), content),
    edit: async (file, before, after) => {
      const content = await read(file)
      expect(content).toContain(before)
      await writeFile(path(file), content.replace(before, after))
    },
    save: (definition) => test.assize.judges.create(author, definition),
    change: async (name, change) => {
      const judge = await saved(name)
      if (judge === undefined) throw new Error(`There is no judge ${name}.`)
      await test.assize.judges.replace(author, judge.id, { ...judge.revision.definition, ...change })
    },
  }
}

async function* lines(typed: () => Promise<string>): AsyncGenerator<string> {
  yield await typed()
}
