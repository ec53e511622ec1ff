import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The Python of the virtual environment, with what test/sdk/python/requirements.txt names. */
const python = `${root}.venv/bin/python`

/** Why tests that need a Python package can't run here; undefined when they can. */
export function whyNoPython(packageName: string): string | undefined {
  const { status } = spawnSync(python, ['-c', `import ${packageName}`])
  return status === 0
    ? undefined
    : `needs Python with ${packageName}: python3 -m venv .venv && .venv/bin/pip install -r test/sdk/python/requirements.txt`
}

interface PythonRun {
  readonly exitCode: number
  /** Standard output and standard error together. */
  readonly output: string
}

/** Runs Python to its end in a folder under test/sdk. */
export function runPython(
  args: readonly string[],
  { folder, env = {} }: { folder: string; env?: Readonly<Record<string, string>> },
): Promise<PythonRun> {
  const options = {
    cwd: folder,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
    maxBuffer: 64 * 1024 * 1024,
  }
  return new Promise((resolve) => {
    const child = execFile(python, args, options, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, output: `${stdout}\n${stderr}` })
    })
  })
}
