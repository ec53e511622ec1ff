import { BlockList, isIP } from 'node:net'

/** IANA's registry of special IPv4 addresses, and multicast. */
const specialIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Answers the metadata of machines in Azure, though the address looks public.
  '168.63.129.16/32',
]

/**
 * What is special within 2000::/3, the only part of IPv6 that is given out: protocols with Teredo, benchmarks and
 * ORCHID, documentation, 6to4, AS112. Mapped, compatible and NAT64 addresses lie outside of it.
 */
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const special = listOf([...specialIpv4, ...specialIpv6])
const givenOut = listOf(['2000::/3'])

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/**
 * Whether an address is one of the public internet, by IANA's registries of special addresses. IPv6 forms that hold an
 * IPv4 address are never public, whatever they hold: a way to it may begin inside the network.
 * @param address as `dns.lookup` gives it; a name or an address with a zone is not public
 */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false
  const version = isIP(address)
  if (version === 4) return !special.check(address, 'ipv4')
  return version === 6 && givenOut.check(address, 'ipv6') && !special.check(address, 'ipv6')
}
