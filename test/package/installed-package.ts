import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, glob, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))
const modules = join(root, 'node_modules')
const path = [join(modules, '.bin'), process.env.PATH].join(delimiter)

/** What a package is made of. */
const ingredients = [
  'src',
  'ui',
  'scripts',
  'docs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'README.md',
  'LICENSE',
  'assize.example.yaml',
]

/** How a program ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A project of somebody else, with this package in its node_modules. */
export interface Project extends AsyncDisposable {
  readonly folder: string
  /** Runs a program of the project, `node` and `tsc` among them, for 2 minutes at most. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
}

/** A project that installed the package as `npm pack` makes it, and of other packages only those that it asks for. */
export async function createProject(): Promise<Project> {
  const packed = await packOnce()
  const folder = await mkdtemp(join(tmpdir(), 'assize-project-'))
  const installed = join(folder, 'node_modules')
  await cp(packed, join(installed, 'assize'), { recursive: true })
  const manifest = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8'))
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    if (!existsSync(join(modules, name))) continue
    await mkdir(dirname(join(installed, name)), { recursive: true })
    await symlink(join(modules, name), join(installed, name), 'dir')
  }
  return {
    folder,
    run: (program, args, env = {}) => run(program, args, folder, env),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Packs what is there now, unless the same was packed before. Gives the package's folder. */
async function packOnce(): Promise<string> {
  const kept = join(modules, '.cache/assize/packed', await fingerprint())
  if (existsSync(kept)) return kept
  await mkdir(dirname(kept), { recursive: true })
  await forgetOlder(dirname(kept))
  // Not in the checkout, where others build too, and outside of node_modules, where Node runs no TypeScript.
  const workshop = await mkdtemp(join(tmpdir(), 'assize-packing-'))
  try {
    for (const name of ingredients) await cp(join(root, name), join(workshop, name), { recursive: true })
    await symlink(modules, join(workshop, 'node_modules'), 'dir')
    const { code, stdout, stderr } = await run('npm', ['pack'], workshop, {})
    if (code !== 0) throw new Error(`npm pack failed:\n${stdout}${stderr}`)
    const archive = stdout.trim().split('\n').at(-1) ?? ''
    const unpacked = await run('tar', ['-xzf', archive], workshop, {})
    if (unpacked.code !== 0) throw new Error(unpacked.stderr)
    // Whole or not at all, whatever another run of the tests does.
    await cp(join(workshop, 'package'), `${kept}.${process.pid}`, { recursive: true })
    await rename(`${kept}.${process.pid}`, kept).catch((error) => {
      if (!existsSync(kept)) throw error
    })
    return kept
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

/** Another run of the tests may still use what is younger. */
async function forgetOlder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const made = await stat(join(folder, name)).catch(() => undefined)
    if (made && Date.now() - made.mtimeMs > 3_600_000)
      await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const names = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src/start.js']
  for await (const name of glob('{src,scripts}/**/*.ts', { cwd: root })) names.push(name)
  for (const name of names.toSorted()) hash.update(`${name}\n`).update(await readFile(join(root, name)))
  return hash.digest('hex').slice(0, 16)
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const inherited = { HOME: process.env.HOME, XDG_CACHE_HOME: join(modules, '.cache'), PATH: path }
  const options = { cwd, env: { ...inherited, ...env }, timeout: 120_000 }
  try {
    return { code: 0, ...(await promisify(execFile)(program, args, options)) }
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string }
    if (typeof code !== 'number') throw error
    return { code, stdout, stderr }
  }
}
