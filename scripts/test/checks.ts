import { runProgram, say } from './run-program.ts'

const checks = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'the types of the page', command: ['tsc', '--noEmit', '-p', 'ui'] },
  { name: 'style', command: ['biome', 'check', '.'] },
  { name: 'unused', command: ['knip'] },
] as const

/** Runs what needs no test, and gives the names of the checks that failed. */
export async function runChecks(): Promise<string[]> {
  const failed: string[] = []
  for (const { name, command } of checks) {
    const [program, ...args] = command
    const { exitCode, output } = await runProgram(program, args)
    say(`Check of ${name} (${program}): ${exitCode === 0 ? 'passed' : `failed\n${output}`}`)
    if (exitCode !== 0) failed.push(name)
  }
  return failed
}
