import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

interface SelfSigned {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
}

/** A certificate for localhost that signed itself, as files; gone after the test. */
export async function makeSelfSigned(name = 'localhost'): Promise<SelfSigned> {
  const folder = await mkdtemp(join(tmpdir(), 'assize-certificate-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  await promisify(execFile)('openssl', ['req', ...kind, ...names, '-keyout', keyFile, '-out', certFile])
  return { certFile, keyFile, cert: await readFile(certFile, 'utf8') }
}
