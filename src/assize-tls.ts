import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type Server as TlsServer } from 'node:tls'
import { pause } from './assize-pause.ts'
import { ConfigError, type TlsConfig } from './config.ts'
import type { Server } from './http/bare-server.ts'
import type { Logger } from './log.ts'

/** A certificate with the chain that stands in its file, and its key, as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly expiresAt: Date
}

const lookEveryMs = 10_000

/** @throws ConfigError where a file can't be read, is none of its kind, or the two do not fit each other */
export async function readCertificate({ certFile, keyFile }: TlsConfig): Promise<Certificate> {
  const cert = await readText('tls.cert_file', certFile)
  const key = await readText('tls.key_file', keyFile)
  const parsed = parsed509(cert, certFile)
  if (!parsed.checkPrivateKey(parsedKey(key, keyFile)))
    throw new ConfigError(
      `tls.key_file: ${keyFile} is not the key of the certificate in ${certFile}; expected the two that were made together.`,
    )
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new ConfigError(`tls.cert_file: ${certFile} can't be used: ${(error as Error).message}`, {
      cause: error,
    })
  }
  return { cert, key, expiresAt: new Date(parsed.validTo) }
}

/**
 * Looks at the two files every ten seconds, and lets new connections have what stands there then. Files that can't be used are told
 * in the log once, and the certificate before them stays.
 */
export function keepCertificateFresh(
  { server }: Pick<Server, 'server'>,
  first: Certificate,
  tls: TlsConfig,
  log: Logger,
): AsyncDisposable {
  const stop = new AbortController()
  // Fastify's type is that of a plain server.
  const secure = server as Pick<typeof server, never> as TlsServer
  const follow = async (): Promise<void> => {
    let [used, told] = [first, '']
    warnOfEnd(first, log)
    while (!stop.signal.aborted) {
      await pause(lookEveryMs, stop.signal)
      if (stop.signal.aborted) return
      try {
        const found = await readCertificate(tls)
        told = ''
        if (found.cert === used.cert && found.key === used.key) continue
        secure.setSecureContext(contextOf(found))
        used = found
        log.info({ expiresAt: found.expiresAt }, 'took a new certificate')
        warnOfEnd(found, log)
      } catch (error) {
        const { message } = error as Error
        if (message !== told)
          log.warn({ reason: message }, 'the new certificate can not be used; the old one stays')
        told = message
      }
    }
  }
  const following = follow()
  return {
    [Symbol.asyncDispose]: () => {
      stop.abort()
      return following
    },
  }
}

/** What Node takes of a certificate. */
export function contextOf({ cert, key }: Certificate): Pick<Certificate, 'cert' | 'key'> {
  return { cert, key }
}

function warnOfEnd({ expiresAt }: Certificate, log: Logger): void {
  if (expiresAt.getTime() <= Date.now()) log.warn({ expiresAt }, 'the certificate has expired')
}

async function readText(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${setting}: ${path} can't be read: ${(error as Error).message}`, { cause: error })
  }
}

function parsed509(cert: string, path: string): X509Certificate {
  try {
    return new X509Certificate(cert)
  } catch (error) {
    throw new ConfigError(
      `tls.cert_file: ${path} holds no certificate; expected PEM, the server's own first.`,
      {
        cause: error,
      },
    )
  }
}

function parsedKey(key: string, path: string): KeyObject {
  try {
    return createPrivateKey(key)
  } catch (error) {
    throw new ConfigError(
      `tls.key_file: ${path} holds no private key that can be used; expected PEM without a passphrase.`,
      { cause: error },
    )
  }
}
