import { lookup as lookUpInDns } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { isPublicAddress } from './public-address.ts'

/** A connection that was refused because it would not have gone to the public internet. */
export class AddressNotPublic extends Error {
  override readonly name = 'AddressNotPublic'

  constructor() {
    super('not a public address')
  }
}

/** Opens connections with the addresses that a lookup gives, and with no others. */
export type OpenConnector = (lookup: LookupFunction, signal: AbortSignal) => buildConnector.connector

export interface PublicConnectorSettings {
  /** Instead of the system's. */
  readonly lookup?: LookupFunction | undefined
  readonly openConnector?: OpenConnector | undefined
}

/**
 * Connects to public addresses alone. The check is part of the connection's own lookup, so that a name that changes
 * its address between a check and the connection gains nothing.
 * @param signal closes every connection, also one that is not yet there
 */
export function createPublicConnector(
  { lookup = lookUpInDns as LookupFunction, openConnector = openPlainConnector }: PublicConnectorSettings,
  signal: AbortSignal,
): buildConnector.connector {
  const connect = openConnector(onlyPublic(lookup), signal)
  return (options, callback) => {
    // An address needs no lookup, and gets none.
    const hostname = options.hostname.replace(/^\[|\]$/g, '')
    if (isIP(hostname) !== 0 && !isPublicAddress(hostname)) callback(new AddressNotPublic(), null)
    else connect(options, callback)
  }
}

/** A lookup that fails where any address of a name is not public. */
function onlyPublic(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new AddressNotPublic(), '', 0)
      }
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function openPlainConnector(lookup: LookupFunction, signal: AbortSignal): buildConnector.connector {
  // The caller's signal limits the time, connecting included.
  const options: buildConnector.BuildOptions = {
    lookup,
    signal,
    allowH2: false,
    timeout: 0,
    maxCachedSessions: 0,
  }
  const connect = buildConnector(options)
  return (target, callback) =>
    connect(target, (...[error, socket]: [Error, null] | [null, import('node:net').Socket]) => {
      if (error) return callback(error, null)
      if (isPublicAddress(socket.remoteAddress ?? '')) return callback(null, socket)
      socket.destroy()
      callback(new AddressNotPublic(), null)
    })
}
