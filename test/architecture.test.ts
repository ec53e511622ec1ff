import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/**
 * Which part of `src` may import which. A part is a folder, or a file of `src` itself with those that begin with its
 * name, as `config-*.ts`; where a file stands here, others of its folder may not be imported. Types count as much as
 * values.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  library: ['assize', 'config', 'errors', 'judges', 'judging'],
  cli: [
    'assize',
    'config',
    'errors',
    'log',
    'judges',
    'judging',
    'datasets',
    'runs',
    'access',
    'agreement',
    'models/local',
  ],
  assize: [
    'config',
    'log',
    'errors',
    'judges',
    'judging',
    'datasets',
    'runs',
    'agreement',
    'access',
    'models',
    'storage',
    'telemetry',
    'tools',
    'http',
  ],
  http: ['judges', 'judging', 'datasets', 'runs', 'agreement', 'access', 'errors'],
  judging: ['judges', 'errors'],
  judges: ['errors'],
  datasets: ['judging', 'judges', 'access/key', 'errors'],
  runs: ['datasets', 'judging', 'judges', 'errors'],
  agreement: ['runs', 'datasets', 'judging', 'judges', 'errors'],
  access: ['errors'],
  models: [
    'judging/model',
    'judging/tool',
    'judging/tool-use',
    'judging/model-lessons',
    'judging/provider-limits',
    'judging/share-limits',
    'judging/observer',
    'judges/definition',
    'errors',
    'config',
    'log',
  ],
  storage: [
    'judges/definition',
    'judges/judge-store',
    'judges/revision',
    'judging/judgment',
    'judging/judgment-store',
    'judging/usage-store',
    'judging/budget-store',
    'judging/distribution',
    'judging/flags',
    'judging/tool-use',
    'judging/model',
    'judging/model-lessons',
    'judging/provider-limits',
    'judging/share-limits',
    'access/key-store',
    'access/session-store',
    'access/role',
    'access/audit',
    'datasets',
    'runs',
    'agreement',
    'errors',
    'config',
  ],
  telemetry: [
    'judging/judging',
    'judging/judgment',
    'judging/model',
    'judging/observer',
    'judging/tool',
    'judging/trace-contexts',
  ],
  tools: ['judging/tool', 'errors', 'config', 'log'],
  config: [],
  errors: [],
  log: [],
}

const domain = ['judges', 'judging', 'datasets', 'runs', 'access', 'agreement']

/** What the domain may use of Node and of packages: pure functions of their input. */
const packagesOfTheDomain: Readonly<Record<string, readonly string[]>> = {
  'access/key': ['node:crypto'],
  'datasets/rows/parquet-rows': ['hyparquet', 'node:zlib'],
  'datasets/rows/read-bytes': ['node:stream', 'node:zlib'],
  'judges/changed-fields': ['node:util'],
  'judges/definition': ['node:util'],
  'judges/definition-digest': ['node:crypto'],
  'judges/definition-document': ['zod'],
  'judges/instructions': ['minijinja-js'],
  'judges/template-engine': ['minijinja-js', 'node:fs', 'node:module', 'node:path', 'node:vm'],
}

const readersOfTheEnvironment = ['main.ts', 'config.ts', 'library.ts']

/** Files that are longer than 200 lines, and why. */
const longFiles: Readonly<Record<string, string>> = {
  'judges/judge-templates.ts': 'it is a list of texts',
}

const source = fileURLToPath(new URL('../src', import.meta.url))

interface SourceFile {
  /** Below `src`, with slashes. */
  readonly path: string
  readonly text: string
}

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(source, path), 'utf8') }))

const specifiers =
  /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm

function importsOf({ text }: SourceFile): string[] {
  return [...text.matchAll(specifiers)].map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '')
}

/** `judging/prompt.ts` -> `judging/prompt`. */
function nameOf(path: string): string {
  return path.replace(/\.ts$/, '')
}

function partOf(name: string): string {
  const [first = ''] = name.split('/')
  return first === name ? first.replace(/^(config|assize|library)-.*$/, '$1') : first
}

/** What one file imports from other parts of `src`, as names. */
function foreignImports(file: SourceFile): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => nameOf(relative(source, join(source, dirname(file.path), specifier))))
    .filter((name) => !name.startsWith('..') && partOf(name) !== partOf(nameOf(file.path)))
}

function forbiddenImports(file: SourceFile): string[] {
  const mayImport = allowed[partOf(nameOf(file.path))] ?? []
  return foreignImports(file)
    .filter((name) => !mayImport.some((edge) => edge === partOf(name) || `${name}/`.startsWith(`${edge}/`)))
    .map((name) => `${file.path} imports ${name}`)
}

function isInDomain({ path }: SourceFile): boolean {
  return domain.includes(partOf(nameOf(path)))
}

/** The code without what stands in comments and strings, which may name anything. */
function codeOf({ text }: SourceFile): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '')
}

describe('imports', () => {
  it('go along the allowed edges only', () => {
    expect(files.flatMap(forbiddenImports)).toEqual([])
  })

  it('are read from files that are there, of parts that are known', () => {
    expect(files.length).toBeGreaterThan(60)
    expect([...new Set(files.map(({ path }) => partOf(nameOf(path))))].sort()).toEqual(
      Object.keys(allowed).sort(),
    )
    expect(files.flatMap(foreignImports).length).toBeGreaterThan(60)
  })

  it.each([
    ['judging/prompt.ts', "import { x } from '../storage/tables.ts'"],
    ['judging/prompt.ts', "import type { X } from '../http/server.ts'"],
    ['judges/judges.ts', "import { x } from '../judging/judging.ts'"],
    ['access/keys.ts', "import { x } from '../judges/judges.ts'"],
    ['models/directory.ts', "import { x } from '../storage/tables.ts'"],
    ['models/directory.ts', "import { x } from '../judging/prompt.ts'"],
    ['models/local/grammar.ts', "import {\n  x,\n} from '../../http/models.ts'"],
    ['tools/directory.ts', "import { x } from '../models/directory.ts'"],
    ['storage/tables.ts', "export { x } from '../judges/judges.ts'"],
    ['storage/tables.ts', "const x = await import('../models/directory.ts')"],
    ['http/judges.ts', "import '../storage/tables.ts'"],
    ['http/judges.ts', "import { x } from '../config-file.ts'"],
    ['errors.ts', "import { x } from './log.ts'"],
    ['main.ts', "import { x } from './assize.ts'"],
  ])('of %s may not be %s', (path, text) => {
    expect(forbiddenImports({ path, text })).toHaveLength(1)
  })

  it('of one file name the other with its extension', () => {
    const unnamed = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.') && !/\.(?:ts|json)$/.test(specifier))
        .map((specifier) => `${file.path} imports ${specifier}`),
    )
    expect(unnamed).toEqual([])
  })

  it('of Node say so', () => {
    const bare = files.flatMap((file) =>
      importsOf(file).filter((name) => builtinModules.includes(name) && !name.startsWith('node:')),
    )
    expect(bare).toEqual([])
  })
})

describe('the domain', () => {
  it('uses no package and nothing of Node but what is pure', () => {
    const used = files.filter(isInDomain).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !specifier.startsWith('.'))
        .filter((specifier) => !packagesOfTheDomain[nameOf(file.path)]?.includes(specifier))
        .map((specifier) => `${file.path} imports ${specifier}`),
    )
    expect(used).toEqual([])
  })

  it('has no clock, chance, network, process or log of its own', () => {
    const impure =
      /\b(?:process\.|fetch\(|Date\.now|new Date\(\)|performance\.|randomUUID|randomBytes|Math\.random|setTimeout|setInterval|console\.|globalThis)/
    const found = files.filter(isInDomain).flatMap((file) => {
      const [match] = impure.exec(codeOf(file)) ?? []
      return match === undefined ? [] : [`${file.path} has ${match}`]
    })
    expect(found).toEqual([])
  })
})

describe('a file', () => {
  it('reads the environment in few places only', () => {
    const readers = files.filter((file) => /\bprocess\.env\b|\benv\b.*from 'node:process'/.test(codeOf(file)))
    for (const { path } of readers) expect(readersOfTheEnvironment).toContain(path)
  })

  it('has a name in kebab-case, which says what is in it', () => {
    const drawers = /^(?:utils?|helpers?|types?|common|manager|service|misc|shared|lib)$/
    for (const { path } of files) {
      const names = nameOf(path).split('/')
      for (const name of names) {
        expect(name, path).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
        expect(name, path).not.toMatch(drawers)
      }
      if (path !== 'storage/migrations/index.ts') expect(names.at(-1), path).not.toBe('index')
    }
  })

  it('has 200 lines at most, or a reason to have up to 400', () => {
    const lengths = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    const long = lengths.filter(({ lines }) => lines > 200)
    expect(long.map(({ path }) => path).sort()).toEqual(Object.keys(longFiles).sort())
    for (const { path, lines } of long) expect(lines, path).toBeLessThanOrEqual(400)
  })
})

it('no test is longer than 500 lines', () => {
  const tests = fileURLToPath(new URL('.', import.meta.url))
  const long = [tests, source]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => readFileSync(path, 'utf8').split('\n').length - 1 > 500)
  expect(long).toEqual([])
})
