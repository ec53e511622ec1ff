import type { RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createFetchUrl, type FetchUrlSettings } from '../../../src/tools/built-in/fetch-url.ts'
import { lookupOf, publicAddress, startPageSite } from './page-site.ts'

const never = new AbortController().signal

async function fetchFrom(
  listener: RequestListener,
  settings: FetchUrlSettings = {},
  url = 'http://example.org/',
) {
  await using site = await startPageSite(listener)
  const { openConnector } = site
  const tool = createFetchUrl({ lookup: lookupOf([publicAddress]), openConnector, ...settings })
  return await tool.call({ url }, never)
}

function answer(type: string, body: string | Buffer, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => response.writeHead(200, { 'content-type': type, ...headers }).end(body)
}

const toPrivate = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '0',
  '0.0.0.0',
  '10.0.0.1',
  '10.1',
  '167772161',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '0xc0a80101',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '１２７.０.０.１',
  '127。0。0。1',
  '[::]',
  '[::1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::a00:1]',
  '[2002:7f00:1::]',
  '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  '[2001:db8::1]',
  '[2001:2::1]',
  '[3fff::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[100::1]',
  '[0:0:0:0:0:ffff:10.0.0.1]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
  'ⓛocalhost',
  'printer.local',
  'metadata.google.internal',
]

describe('an address', () => {
  it.each(toPrivate)('%s is refused without a word on the network', async (host) => {
    await using site = await startPageSite(answer('text/plain', 'secret'))
    const tool = createFetchUrl({ lookup: lookupOf(['127.0.0.1']), openConnector: site.openConnector })
    const result = await tool.call({ url: `http://${host}/` }, never)
    expect(result).toEqual({ text: 'The address is refused: it is not a public address.', isError: true })
    expect(site.connectedTo).toEqual([])
  })

  it.each([
    'file:///etc/passwd',
    'ftp://example.org/',
    'gopher://example.org/',
    'data:text/plain,x',
    'javascript:1',
    'http://user@example.org/',
    'http://user:secret@example.org/',
    'http://:x@example.org/',
    'http://example.org:22/',
    'http://example.org:443/',
    'https://example.org:80/',
    'http://example.org:0/',
    '/etc/passwd',
    'example.org',
    'http://',
    'http://[::1%25eth0]/',
    'http://256.1.1.1/',
    'http://exa mple.org/',
  ])('%s is refused before any connection', async (url) => {
    const result = await fetchFrom(answer('text/plain', 'secret'), {}, url)
    expect(result.isError).toBe(true)
    expect(result.text).toMatch(/expected/)
    expect(result.text).not.toContain('secret')
  })

  it.each([[{}], [{ url: 1 }], [{ url: '' }], [{ url: `http://example.org/${'x'.repeat(5000)}` }]])(
    'of the wrong kind is refused',
    async (args) => {
      const { text, isError } = await createFetchUrl({}).call(args, never)
      expect([isError, text]).toEqual([true, expect.stringContaining('Expected {"url": string}')])
    },
  )

  it('is refused where one of its addresses is not public, or there is none', async () => {
    for (const addresses of [[publicAddress, '10.0.0.1'], ['::1', publicAddress], []]) {
      const result = await fetchFrom(answer('text/plain', 'secret'), { lookup: lookupOf(addresses) })
      expect(result.text).toBe('The address is refused: it is not a public address.')
    }
  })

  it('is refused on this machine by the real connector too', async () => {
    await using site = await startPageSite(answer('text/plain', 'secret'))
    const url = `http://example.org:${site.port}/`
    const tool = createFetchUrl({ lookup: lookupOf(['127.0.0.1']), allowedPorts: [site.port] })
    expect((await tool.call({ url }, never)).text).toMatch(/not a public address/)
    expect((await tool.call({ url: `http://127.0.0.1:${site.port}/` }, never)).text).toMatch(/not a public/)
    expect(site.sockets.size).toBe(0)
  })

  it('is held to the hosts that are allowed, redirects too', async () => {
    const allowedHosts = ['example.org', '*.Example.com']
    const page = answer('text/plain', 'fine')
    for (const host of ['example.org', 'EXAMPLE.org.', 'a.example.com']) {
      expect((await fetchFrom(page, { allowedHosts }, `http://${host}/`)).isError).toBe(false)
    }
    for (const host of [
      'example.net',
      'aexample.org',
      'a.example.org',
      'example.com',
      'example.org.evil.net',
    ]) {
      expect((await fetchFrom(page, { allowedHosts }, `http://${host}/`)).text).toMatch(
        /not one that may be read/,
      )
    }
    const away: RequestListener = (_q, response) =>
      response.writeHead(302, { location: '//example.net/' }).end()
    expect((await fetchFrom(away, { allowedHosts })).text).toMatch(/not one that may be read/)
  })
})

describe('a redirect', () => {
  const redirect =
    (location: string): RequestListener =>
    (request, response) =>
      request.url === '/'
        ? response.writeHead(302, { location }).end('x')
        : response.writeHead(200, { 'content-type': 'text/plain' }).end('landed')

  it('is followed to another page', async () => {
    const { text, isError } = await fetchFrom(redirect('/there?a=1#part'))
    expect([text, isError]).toEqual(['Address: http://example.org/there?a=1\n\nlanded', false])
  })

  it('gets a lookup of its own, so that a name that turns private is refused', async () => {
    const lookup = lookupOf([publicAddress], ['127.0.0.1'])
    const result = await fetchFrom(redirect('http://other.example/there'), { lookup })
    expect(result.text).toBe('The address is refused: it is not a public address.')
  })

  it.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest/',
    '//0x7f.1/',
    'http://localhost/',
  ])('to %s is refused', async (location) =>
    expect((await fetchFrom(redirect(location))).text).toMatch(/not a public address/),
  )

  it.each(['file:///etc/passwd', 'http://u:p@example.org/x', 'http://example.org:6379/'])(
    'to %s is refused',
    async (location) => expect((await fetchFrom(redirect(location))).isError).toBe(true),
  )

  it('is followed five times at most', async () => {
    let calls = 0
    const loop: RequestListener = (_request, response) => {
      calls += 1
      response.writeHead(301, { location: '/' }).end()
    }
    expect(await fetchFrom(loop)).toEqual({ text: 'The page redirects more than 5 times.', isError: true })
    expect(calls).toBe(6)
  })
})

describe('a name', () => {
  it('is looked up once for a connection, by the connection itself', async () => {
    await using site = await startPageSite(answer('text/plain', 'fine'))
    const { openConnector } = site
    const tool = createFetchUrl({ lookup: lookupOf([publicAddress], ['127.0.0.1']), openConnector })
    expect((await tool.call({ url: 'http://example.org/' }, never)).isError).toBe(false)
    expect(site.connectedTo).toEqual([JSON.stringify([{ address: publicAddress, family: 4 }])])
    expect((await tool.call({ url: 'http://example.org/' }, never)).text).toMatch(/not a public address/)
    expect(site.connectedTo).toHaveLength(1)
  })

  it('that is not there is said so', async () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND inner.corp'), { code: 'ENOTFOUND' })
    const { text } = await fetchFrom(answer('text/plain', ''), {
      lookup: (_h, _o, callback) => callback(error, '', 0),
    })
    expect(text).toBe('The host of the address was not found.')
  })
})

describe('a body', () => {
  it.each(['gzip', 'x-gzip'])('that unpacks (%s) beyond the limit is not read on', async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const before = process.memoryUsage().arrayBuffers
    const { text } = await fetchFrom(answer('text/plain', bomb, { 'content-encoding': encoding }))
    expect(text).toBe('The page is too large: more than 1048576 bytes.')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })

  it('without an end is not read on', async () => {
    const endless: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    }
    expect((await fetchFrom(endless, { maxBytes: 500_000 })).text).toMatch(
      /too large: more than 500000 bytes/,
    )
  })

  it('that drips is given up in time', async () => {
    const drip: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    }
    const start = performance.now()
    expect(await fetchFrom(drip, { timeoutMs: 300 })).toEqual({
      text: 'No whole answer came within 0.3 s.',
      isError: true,
    })
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it.each([
    [answer('image/png', 'x'), 'The page is of type image/png; only text, HTML, JSON and XML can be read.'],
    [
      answer('application/pdf', 'x'),
      'The page is of type application/pdf; only text, HTML, JSON and XML can be read.',
    ],
    [
      ((_q, r) => r.end('x')) as RequestListener,
      'The page is without a type; only text, HTML, JSON and XML can be read.',
    ],
    [
      answer('text/plain', 'x', { 'content-encoding': 'zstd' }),
      'The page came in a compression that cannot be read.',
    ],
    [
      answer('text/plain', 'no gzip', { 'content-encoding': 'gzip' }),
      'The page came in a compression that is broken.',
    ],
    [((_q, r) => r.writeHead(404).end('x')) as RequestListener, 'The page answered with status 404.'],
    [((q) => q.socket.destroy()) as RequestListener, 'The page could not be read: the connection failed.'],
  ])('that cannot be read is said so (%#)', async (listener, text) => {
    expect(await fetchFrom(listener)).toEqual({ text, isError: true })
  })

  it.each([
    ['text/plain; charset=iso-8859-1', Buffer.from('caf\xe9', 'latin1')],
    ['text/plain;charset="utf-8"', Buffer.from('café')],
    ['text/html', Buffer.from('<meta charset=windows-1252><p>caf\xe9', 'latin1')],
    [
      'text/html',
      Buffer.from('<meta http-equiv=Content-Type content="text/html; charset=latin1"><p>caf\xe9', 'latin1'),
    ],
    ['text/plain; charset=nonsense', Buffer.from('café')],
    ['text/plain', Buffer.from('\ufeffcafé', 'utf16le')],
  ])('of %s is decoded', async (type, body) => {
    expect((await fetchFrom(answer(type, body))).text).toBe('Address: http://example.org/\n\ncafé')
  })

  it('that is HTML becomes text', async () => {
    const html = `<html><head><title>A &amp; B</title><style>p{}</style><script>alert(1)</script>
      <body><h1>Head</h1><p>See <a href="/x">the link</a>.</p><ul><li>one<li>two</ul><img src=x alt=pic>
      <table><tr><th>Name<th>Age<tr><td>Ann<td>5</table></body></html>`
    const { text } = await fetchFrom(
      answer('text/html; charset=utf-8', gzipSync(html), { 'content-encoding': 'gzip' }),
    )
    expect(text).toMatch(
      /^Title: A & B\nAddress: http:\/\/example.org\/\n\nHead\n+See the link\.\n+\* one\n+\* two\n+Name +Age\nAnn +5$/,
    )
  })

  it.each([
    '<div>',
    '<table><tr><td>',
    '<td colspan=100000 rowspan=100000>a</td>',
    '<',
    '<b>x</b>',
    '</x>',
    '<br>',
  ])('that is full of %s does not hold up the server', async (part) => {
    const start = performance.now()
    await fetchFrom(answer('text/html', part.repeat(Math.floor(1_000_000 / part.length))))
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('that is long is cut and says so', async () => {
    const { text } = await fetchFrom(answer('application/ld+json', 'x'.repeat(500)), {
      maxTextCharacters: 10,
    })
    expect(text).toBe(
      'Address: http://example.org/\n\nxxxxxxxxxx\n[cut: these are the first 10 of 500 characters]',
    )
  })
})

it('sends no cookie, no key, and its own name', async () => {
  const seen: unknown[] = []
  await fetchFrom((request, response) => {
    seen.push(request.headers)
    response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': 'a=b' }).end('x')
  })
  expect(seen).toEqual([
    {
      host: 'example.org',
      connection: 'keep-alive',
      'user-agent': 'Assize',
      accept: expect.any(String),
      'accept-encoding': 'gzip, deflate, br',
    },
  ])
})

it('throws the reason of an aborted signal and closes the connection', async () => {
  await using site = await startPageSite(() => undefined)
  const tool = createFetchUrl({ lookup: lookupOf([publicAddress]), openConnector: site.openConnector })
  const controller = new AbortController()
  const call = tool.call({ url: 'http://example.org/' }, controller.signal)
  while (site.sockets.size === 0) await delay(5)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(call).rejects.toBe(reason)
  await expect(tool.call({ url: 'http://example.org/' }, controller.signal)).rejects.toBe(reason)
  await expect.poll(() => site.sockets.size).toBe(0)
})

it('leaves no socket and no timer behind after 200 at once', async () => {
  await using site = await startPageSite(answer('text/plain', 'fine'))
  const tool = createFetchUrl({ lookup: lookupOf([publicAddress]), openConnector: site.openConnector })
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const calls = Array.from({ length: 200 }, () => tool.call({ url: 'http://example.org/' }, never))
  expect((await Promise.all(calls)).filter(({ isError }) => isError)).toEqual([])
  await expect.poll(() => site.sockets.size).toBe(0)
  await expect.poll(timers, { timeout: 3000 }).toBeLessThanOrEqual(before + 1)
})
