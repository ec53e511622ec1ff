import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDataDir, Program, serve } from './running-program.ts'

it('"assize judges" keeps the judges of a server that runs, and of its database, as files', async () => {
  const dataDir = await makeDataDir()
  const { url, program } = await serve(dataDir)
  const folder = join(dirname(dataDir), 'judges')
  const judges = async (...args: readonly string[]) => {
    const run = new Program(['judges', ...args], { ASSIZE_DATA_DIR: dataDir })
    const code = await run.end()
    return { code, stdout: run.stdout, stderr: run.stderr }
  }
  const pulled = await judges('pull', folder, '--server', url)
  expect(pulled).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^2 written, 0 unchanged/m),
  })
  const file = join(folder, 'helpfulness.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('How helpful', 'How very helpful'))
  const diff = await judges('diff', folder, '--server', url, '--exit-code')
  expect(diff).toMatchObject({ code: 1, stdout: expect.stringContaining('\n+How very helpful') })
  expect(await judges('apply', folder)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('give --yes'),
  })
  const applied = await judges('apply', folder, '--server', url, '--yes')
  expect(applied).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('updated Helpfulness\n'),
  })
  expect(await judges('diff', folder, '--exit-code')).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await program.end('SIGTERM')).toBe(0)
  const unreachable = await judges('plan', folder, '--server', url)
  expect(unreachable).toMatchObject({ code: 1, stderr: expect.stringMatching(/can't be reached/) })
})
