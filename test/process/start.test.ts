import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startProviderServer } from '../support/provider-server.ts'
import { makeDataDir, node, Program, serve } from './running-program.ts'

const judges = '/v1/observability/judges'

async function get(url: string, key?: string) {
  const answer = await fetch(url, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}

describe('assize serve', () => {
  it('prints its address and, on the first start only, a key and a curl line that works', async () => {
    await using provider = await startProviderServer()
    const dataDir = await makeDataDir()
    const env = { MISTRAL_BASE_URL: provider.baseUrl }
    const first = await serve(dataDir, env)
    expect(first.program.stdout).toContain(`${first.url}/docs`)
    const key = String(first.printedKey)
    expect(await readFile(join(dataDir, 'admin-key'), 'utf8')).toBe(`${key}\n`)
    expect((await stat(join(dataDir, 'admin-key'))).mode & 0o777).toBe(0o600)
    const { status, body } = await get(first.url + judges, key)
    expect(status).toBe(200)
    expect(body.judges.count).toBe(2)

    const [curl = ''] = await first.program.says(/^(curl .*)$/m)
    const { stdout } = await promisify(execFile)('sh', ['-c', curl])
    expect(JSON.parse(stdout)).toEqual({ analysis: 'As the test says.', answer: 'yes' })
    expect(await first.program.end('SIGTERM')).toBe(0)

    const second = await serve(dataDir, env)
    expect(second.printedKey).toBeUndefined()
    expect(second.program.stdout + second.program.stderr).not.toContain(key)
    expect((await get(second.url + judges, key)).body).toEqual(body)
    expect(await second.program.end('SIGINT')).toBe(0)
  })

  it('says that it lives and that it is ready', async () => {
    const { url } = await serve(await makeDataDir())
    expect(await get(`${url}/healthz`)).toEqual({ status: 200, body: { status: 'ok' } })
    expect(await get(`${url}/readyz`)).toEqual({ status: 200, body: { status: 'ok' } })
  })

  it('takes the first key from ASSIZE_API_KEY', async () => {
    const key = 'a-key-of-my-own-choice'
    const { url } = await serve(await makeDataDir(), { ASSIZE_API_KEY: key })
    expect((await get(url + judges, key)).status).toBe(200)
  })

  it('refuses a setting that it does not know, by name', async () => {
    const program = new Program(['serve'], { ASSIZE_DATA_DIR: await makeDataDir(), ASSIZE_PROT: '4800' })
    expect(await program.end()).toBe(1)
    expect(program.stderr).toMatch(/ASSIZE_PROT\b.*ASSIZE_PORT\b/s)
    expect(program.stderr).not.toContain('    at ')
    expect(program.stdout).toBe('')
  })

  it('says which setting to change when its port is taken, and makes no key that nobody sees', async () => {
    const first = await serve(await makeDataDir(), {})
    const port = new URL(first.url).port
    const dataDir = await makeDataDir()
    const second = new Program(['serve'], { ASSIZE_DATA_DIR: dataDir, ASSIZE_PORT: port })
    expect(await second.end()).toBe(1)
    expect(second.stderr).toContain(
      `Assize can't listen on 127.0.0.1:${port}: something listens there already; set ASSIZE_PORT to a free port.`,
    )
    expect(second.stderr).not.toContain('    at ')
    expect((await serve(dataDir, {})).printedKey).toBeDefined()
  })

  it('shares an empty data folder with another process that starts at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const dataDir = await makeDataDir()
      const both = await Promise.all([serve(dataDir), serve(dataDir)])
      const keys = both.map(({ printedKey }) => printedKey).filter((key) => key !== undefined)
      expect(keys).toHaveLength(1)
      const [key = ''] = keys
      expect(await readFile(join(dataDir, 'admin-key'), 'utf8')).toBe(`${key}\n`)
      const [one, other] = await Promise.all(both.map(({ url }) => get(url + judges, key)))
      expect(one).toMatchObject({ status: 200, body: { judges: { count: 2 } } })
      expect(other).toEqual(one)
      expect(await Promise.all(both.map(({ program }) => program.end('SIGTERM')))).toEqual([0, 0])
    }
  }, 60_000)
})

describe('the source', () => {
  it('can be run by Node as it stands, file by file', async () => {
    const root = new URL('../../', import.meta.url)
    const program = `
      import { glob } from 'node:fs/promises'
      for await (const file of glob('src/**/*.ts')) {
        if (file !== 'src/main.ts' && !file.endsWith('.test.ts')) await import('./' + file)
      }
      console.log('all')
    `
    const args = ['--input-type=module', '--eval', program]
    const { stdout, stderr } = await promisify(execFile)(node, args, { cwd: root })
    expect({ stdout, stderr }).toEqual({ stdout: 'all\n', stderr: '' })
  })
})
