import { missing, type Part } from './part.ts'
import { runProgram } from './run-program.ts'

const name = 'Python packages'
const requirements = ['test/sdk/python/requirements.txt', 'test/deploy/requirements.txt']

/** The virtual environment .venv with the Python SDK, Schemathesis and what checks deployments, made where there is Python and it is not there. */
export async function preparePython(): Promise<Part> {
  const ready: Part = { name, state: 'those in .venv', env: {} }
  const made = await runProgram('python3', ['-m', 'venv', '.venv'])
  if (made.exitCode !== 0 && !(await isComplete())) return missing(name, lastLine(made.output))
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...requirements.flatMap((file) => ['--requirement', file]),
  ]
  const installed = await runProgram('.venv/bin/python', pip)
  if (installed.exitCode === 0 || (await isComplete())) return ready
  return missing(name, lastLine(installed.output))
}

async function isComplete(): Promise<boolean> {
  const { exitCode } = await runProgram('.venv/bin/python', [
    '-c',
    'import check_jsonschema, kubernetes_validate, mistralai, schemathesis',
  ])
  return exitCode === 0
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? ''
}
