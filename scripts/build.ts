import { rm } from 'node:fs/promises'
import { buildPage } from './page/build-page.ts'
import { runProgram, say } from './test/run-program.ts'

// `npm run build`: JavaScript, types and the page in dist/, for the package. A checkout runs from src/, with the page alone.

await rm('dist', { recursive: true, force: true })
const { exitCode, output } = await runProgram('tsc', ['-p', 'tsconfig.build.json'])
if (output !== '') say(output)
else if (exitCode !== 0)
  say(`tsc ended with ${exitCode} and said nothing; are the development packages installed?`)
if (exitCode === 0) await buildPage()
process.exitCode = exitCode === 0 ? 0 : 1
