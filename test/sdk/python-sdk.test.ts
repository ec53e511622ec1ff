import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startListeningAssize } from './listening-assize.ts'
import { runPython, whyNoPython } from './python-environment.ts'

const reason = whyNoPython('mistralai')
const folder = fileURLToPath(new URL('python', import.meta.url))

describe.skipIf(reason !== undefined)(`the Python SDK${reason ? ` (${reason})` : ''}`, () => {
  it.each([
    ['drives every method', 'test_methods', 8],
    ['raises every documented error as its own', 'test_errors', 10],
    ['drives datasets and their records', 'test_datasets', 13],
    ['drives files and imports', 'test_imports', 5],
  ])(
    '%s',
    async (_title, module, count) => {
      const { url, key, keys } = await startListeningAssize()
      const { exitCode, output } = await runPython(['-m', 'unittest', '-v', module], {
        folder,
        env: {
          TEST_ASSIZE_URL: url,
          TEST_ASSIZE_KEYS: JSON.stringify({ ...keys, admin: key, unknown: 'another-key-of-someone' }),
        },
      })
      expect(exitCode, output).toBe(0)
      expect(output).toContain(`Ran ${count} tests`)
    },
    120_000,
  )
})
