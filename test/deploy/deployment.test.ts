import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { runCommand } from '../../src/cli/commands.ts'
import { whyNoPython } from '../sdk/python-environment.ts'
import { configOf } from '../support/config-of.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manifests = 'deploy/kubernetes'
const services = 'deploy/systemd'
const why = whyNoPython('check_jsonschema')
const isSystemdHere = spawnSync('systemd-analyze', ['--version']).status === 0
const whyNoSystemd = isSystemdHere ? '' : ' (skipped: needs systemd-analyze)'

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

/** What a program says when it ends well; throws what it says otherwise. */
async function said(program: string, args: readonly string[]): Promise<string> {
  const run = promisify(execFile)(program, args, { cwd: root })
  const { stdout, stderr } = await run.catch((error) => {
    throw new Error(`${error.message}\n${error.stdout}`)
  })
  return `${stdout}${stderr}`.trim()
}

const fromPython = (program: string, args: readonly string[]) => said(join(root, '.venv/bin', program), args)

/** Each program that a deployment starts, with its arguments. */
async function startedPrograms(): Promise<readonly (readonly string[])[]> {
  const [compose] = parseAllDocuments(await read('compose.yaml'), { merge: true })
  const composed = Object.values(compose?.toJS().services as Record<string, { command?: string[] }>)
  const inPods = ['server.yaml', 'worker.yaml'].map(async (name) => {
    const [deployment] = parseAllDocuments(await read(`${manifests}/${name}`))
    return deployment?.toJS().spec.template.spec.containers[0].args as string[]
  })
  const units = ['assize.service', 'assize-worker@.service'].map(async (name) => {
    const [, line = ''] = /^ExecStart=\S+ (.*)$/m.exec(await read(`${services}/${name}`)) ?? []
    return line.split(' ')
  })
  const image = JSON.parse(/^CMD (\[.*\])$/m.exec(await read('Dockerfile'))?.[1] ?? '[]') as string[]
  return [
    image,
    ...composed.flatMap(({ command }) => (command ? [command] : [])),
    ...(await Promise.all([...inPods, ...units])),
  ]
}

describe.skipIf(why !== undefined)(`what is deployed, by its own checkers${why ? ` (${why})` : ''}`, () => {
  it('is a Dockerfile without a fault', async () => {
    expect(await fromPython('hadolint', ['Dockerfile'])).toBe('')
  })

  it('is a compose file of the specification', async () => {
    expect(
      await fromPython('check-jsonschema', ['--builtin-schema', 'vendor.compose-spec', 'compose.yaml']),
    ).toBe('ok -- validation done')
  })

  it('are manifests of Kubernetes', async () => {
    // What comes from elsewhere than Kubernetes itself is not known there.
    const foreign = ['kustomization.yaml', 'autoscaling.yaml', 'assize.yaml']
    const names = (await readdir(join(root, manifests))).filter((name) => !foreign.includes(name))
    expect(names.length).toBeGreaterThan(2)
    const output = await fromPython('kubernetes-validate', [
      '--strict',
      ...names.map((name) => join(manifests, name)),
    ])
    expect(output.split('\n').every((line) => line.includes(' passed for resource '))).toBe(true)
  })
})

describe('a unit of systemd', () => {
  it.skipIf(!isSystemdHere)(`is taken${whyNoSystemd}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assize-units-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const paths: string[] = []
    for (const name of await readdir(join(root, services))) {
      const path = join(folder, name)
      // What it starts is not installed here.
      await writeFile(
        path,
        (await read(`${services}/${name}`)).replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'),
      )
      paths.push(path)
    }
    expect(await said('systemd-analyze', ['verify', '--man=no', ...paths])).toBe('')
  })
})

describe('a deployment', () => {
  it('starts the program with what it takes', async () => {
    const programs = await startedPrograms()
    expect(programs.map(([command]) => command).sort()).toEqual([
      'serve',
      'serve',
      'serve',
      'serve',
      'worker',
      'worker',
      'worker',
    ])
    for (const [command = '', ...args] of programs) {
      let usage = ''
      const stdout = { write: (text: string) => (usage += text) } as never
      const io = { stdin: process.stdin, stdout, stderr: stdout, env: {}, workingDir: root }
      expect(await runCommand([command, '--help'], { ...io, stop: AbortSignal.abort() })).toBe(0)
      for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(usage).toContain(flag)
    }
  })

  it('sets only what can be set', async () => {
    for (const path of [
      'Dockerfile',
      'compose.yaml',
      `${manifests}/server.yaml`,
      `${services}/assize.service`,
    ]) {
      const names = (await read(path)).match(/\bASSIZE_[A-Z_]+/g) ?? []
      expect(names.length, path).toBeGreaterThan(0)
      const values: Record<string, string> = {
        ASSIZE_PORT: '4800',
        ASSIZE_DATABASE_URL: 'postgres://assize:secret@database/assize',
        ASSIZE_API_KEY: 'a-key-of-enough-characters',
      }
      const environment = Object.fromEntries(
        names.filter((name) => name !== 'ASSIZE_CONFIG').map((name) => [name, values[name] ?? 'x']),
      )
      expect(() => configOf('', environment), path).not.toThrow()
    }
    expect(configOf(await read(`${manifests}/assize.yaml`)).logLevel).toBe('info')
  })

  it('puts into the image only what is there, and what the build context has', async () => {
    const ignored = (await read('.dockerignore')).split('\n')
    const copied = [...(await read('Dockerfile')).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, sources = '']) => sources.split(' '),
    )
    expect(copied.length).toBeGreaterThan(5)
    for (const source of copied) {
      expect(existsSync(join(root, source)), source).toBe(true)
      expect(ignored, source).toContain(`!${source.split('/')[0]}`)
    }
  })

  it('scales by a metric that is told', async () => {
    const scaled = parse(await read(`${manifests}/autoscaling.yaml`))
    const { query } = scaled.spec.triggers[0].metadata as { query: string }
    const [metric = ''] = /assize_\w+/.exec(query) ?? []
    expect(await read('docs/watching.md')).toContain(`\`${metric}\``)
  })
})
