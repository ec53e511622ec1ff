/** What was wrong with an address, or what is at it; said to the model. */
export class PageError extends Error {
  override readonly name = 'PageError'
}

export interface AddressRules {
  /** Hosts that may be read: `example.org`, or `*.example.org` for all below it. Absent: all. */
  readonly allowedHosts?: readonly string[] | undefined
  /** Other than 80 of http and 443 of https. */
  readonly allowedPorts?: readonly number[] | undefined
}

/** Says nothing of the network. */
export const notPublicMessage = 'The address is refused: it is not a public address.'
const localNames = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$/

/**
 * Reads an address of a page by the rules that need no network.
 * @param base what a relative address stands under, as a redirect gives one
 * @throws PageError that says what would be right
 */
export function readPageAddress(text: string, rules: AddressRules, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (url === null) throw new PageError('url is no address; expected one like https://example.org/page.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new PageError(`The address begins with ${url.protocol}; expected http: or https:.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new PageError('The address holds a user or a password; expected one without.')
  }
  const defaultPort = url.protocol === 'http:' ? 80 : 443
  const port = url.port === '' ? defaultPort : Number(url.port)
  if (port !== defaultPort && !rules.allowedPorts?.includes(port)) {
    throw new PageError(`The address names port ${port}; expected 80 for http, 443 for https.`)
  }
  const host = url.hostname.replace(/\.+$/, '')
  if (host === '' || localNames.test(host)) throw new PageError(notPublicMessage)
  if (rules.allowedHosts && !rules.allowedHosts.some((pattern) => matchesHost(host, pattern))) {
    throw new PageError(`The host ${host} is not one that may be read: ${rules.allowedHosts.join(', ')}.`)
  }
  url.hash = ''
  return url
}

function matchesHost(host: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase().replace(/\.+$/, '')
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted
}
