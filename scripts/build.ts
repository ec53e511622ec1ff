import { rm } from 'node:fs/promises'
import { runProgram, say } from './test/run-program.ts'

// `npm run build`: JavaScript and types in dist/, for the package. The checkout runs from src/ without.

await rm('dist', { recursive: true, force: true })
const { exitCode, output } = await runProgram('tsc', ['-p', 'tsconfig.build.json'])
if (output !== '') say(output)
else if (exitCode !== 0)
  say(`tsc ended with ${exitCode} and said nothing; are the development packages installed?`)
process.exitCode = exitCode === 0 ? 0 : 1
