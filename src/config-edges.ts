import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { ConfigFile } from './config-file.ts'
import { ConfigError } from './config-setting.ts'

/** Whom the server believes, and whose pages may call it. */
export interface EdgesConfig {
  /** Like `https://court.example`; none: no page of another origin may call. */
  readonly corsOrigins: readonly string[]
  /** Addresses, and networks like `10.0.0.0/8`, whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[]
  /** How long a client may keep the server waiting. */
  readonly clientTimeoutMs: number
  /** How much each process answers in a minute; absent: all there is. */
  readonly limits: {
    /** Of each key. */
    readonly requestsPerMinute?: number
    /** From each address. */
    readonly wrongKeysPerMinute?: number
  }
  /** Absent: the server speaks plain HTTP. */
  readonly tls?: TlsConfig
}

/** Where the server's certificate and its key are, both PEM. */
export interface TlsConfig {
  readonly certFile: string
  readonly keyFile: string
}

/** @throws ConfigError where an origin or an address is none, or one file is there without the other */
export function readEdges({ server, limits, tls }: ConfigFile, workingDir: string): EdgesConfig {
  server.cors_origins.forEach((origin, index) => {
    if (URL.canParse(origin) && new URL(origin).origin === origin) return
    throw new ConfigError(
      `server.cors_origins[${index}] is ${JSON.stringify(origin)}; expected an origin like https://court.example: scheme, host and port, no path, no "*".`,
    )
  })
  server.trusted_proxies.forEach((proxy, index) => {
    if (isNetwork(proxy)) return
    throw new ConfigError(
      `server.trusted_proxies[${index}] is ${JSON.stringify(proxy)}; expected an address like 10.0.0.7 or a network like 10.0.0.0/8.`,
    )
  })
  return {
    corsOrigins: server.cors_origins,
    trustedProxies: server.trusted_proxies,
    limits: readLimits(limits),
    clientTimeoutMs: server.client_timeout_seconds * 1000,
    ...readTls(tls, workingDir),
  }
}

function readLimits(limits: ConfigFile['limits']): EdgesConfig['limits'] {
  const { requests_per_minute, wrong_keys_per_minute } = limits
  return {
    ...(requests_per_minute !== undefined && { requestsPerMinute: requests_per_minute }),
    ...(wrong_keys_per_minute !== 'unlimited' && { wrongKeysPerMinute: wrong_keys_per_minute }),
  }
}

function readTls({ cert_file, key_file }: ConfigFile['tls'], workingDir: string): Pick<EdgesConfig, 'tls'> {
  if (cert_file === undefined && key_file === undefined) return {}
  if (cert_file === undefined || key_file === undefined) {
    const [there, missing] = cert_file === undefined ? ['key_file', 'cert_file'] : ['cert_file', 'key_file']
    throw new ConfigError(`tls.${there} is set and tls.${missing} is not; set both, or neither.`)
  }
  return { tls: { certFile: resolve(workingDir, cert_file), keyFile: resolve(workingDir, key_file) } }
}

/** A network of all addresses would believe everyone. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...others] = text.split('/')
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  if (bits === 0 || others.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= bits)
}
