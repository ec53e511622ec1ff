import { copyFile, writeFile } from 'node:fs/promises'
import { get as getByHttps } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../support/self-signed.ts'
import { makeDataDir, Program } from './running-program.ts'

/** What a server answers to somebody who trusts this certificate alone. */
async function get(url: string, ca: string): Promise<{ status: number; body: string; headers: object }> {
  return await new Promise((resolve, reject) => {
    getByHttps(url, { ca, agent: false }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }))
    }).on('error', reject)
  })
}

/** Whose certificate a server shows. */
async function nameShown(port: number): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

async function serveTls(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const dataDir = await makeDataDir()
  const program = new Program(['serve', ...args], { ASSIZE_DATA_DIR: dataDir, ASSIZE_PORT: '0', ...env })
  return program
}

async function addressOf(program: Program): Promise<{ url: string; port: number }> {
  const [url = ''] = await program.says(/Assize listens on (\S+) .*\n\n/s)
  return { url, port: Number(new URL(url).port) }
}

describe('a server with a certificate', () => {
  it('speaks HTTPS, tells browsers to stay with it, and takes new files by itself', async () => {
    const first = await makeSelfSigned('first')
    const second = await makeSelfSigned('second')
    const program = await serveTls(['--tls-cert', first.certFile, '--tls-key', first.keyFile])
    const { url, port } = await addressOf(program)
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:/)
    const { status, body, headers } = await get(`${url}/healthz`, first.cert)
    expect({ status, body }).toEqual({ status: 200, body: '{"status":"ok"}' })
    expect(headers).toHaveProperty('strict-transport-security')
    expect(await nameShown(port)).toBe('first')

    // A certificate without its key is what a moment between two writes looks like.
    await copyFile(second.certFile, first.certFile)
    await expect.poll(() => program.stderr, { timeout: 20_000 }).toContain('the old one stays')
    expect(await nameShown(port)).toBe('first')
    await copyFile(second.keyFile, first.keyFile)
    await expect.poll(() => nameShown(port), { timeout: 20_000 }).toBe('second')
    expect((await get(`${url}/readyz`, second.cert)).status).toBe(200)
    expect(await program.end('SIGTERM')).toBe(0)
  })

  it('answers nothing to plain HTTP, and goes on', async () => {
    const { certFile, keyFile, cert } = await makeSelfSigned()
    const config = join(await makeDataDir(), '../assize.yaml')
    await writeFile(config, `tls: { cert_file: ${certFile}, key_file: ${keyFile} }\n`)
    const program = await serveTls([], { ASSIZE_CONFIG: config })
    const { url, port } = await addressOf(program)
    const said = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connectTcp(port, '127.0.0.1', () =>
        socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n'),
      )
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
      })
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    expect(said).not.toContain('HTTP/1.1 200')
    expect((await get(`${url}/healthz`, cert)).status).toBe(200)
  })

  it('is refused at start where its files are no good, by the name of the setting', async () => {
    const [one, other] = [await makeSelfSigned(), await makeSelfSigned()]
    const cases: readonly [string, string, RegExp][] = [
      ['/nowhere/tls.crt', one.keyFile, /tls\.cert_file: \/nowhere\/tls\.crt can't be read/],
      [one.certFile, '/nowhere/tls.key', /tls\.key_file: \/nowhere\/tls\.key can't be read/],
      [one.keyFile, one.keyFile, /tls\.cert_file: .* holds no certificate/],
      [one.certFile, one.certFile, /tls\.key_file: .* holds no private key/],
      [one.certFile, other.keyFile, /tls\.key_file: .* is not the key of the certificate in/],
    ]
    for (const [cert, key, message] of cases) {
      const program = await serveTls(['--tls-cert', cert, '--tls-key', key])
      expect(await program.end()).toBe(1)
      expect(program.stderr).toMatch(message)
      expect(program.stderr).not.toContain('    at ')
    }
  })

  it('needs both options', async () => {
    const program = await serveTls(['--tls-cert', '/tls.crt'])
    expect(await program.end()).toBe(2)
    expect(program.stderr).toContain('both --tls-cert and --tls-key')
  })
})
