import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { never, openTools } from '../support/open-tools.ts'

const limits = { timeoutMs: 5000, maxResultBytes: 300 }

it('fetch_url has the name and the hosts of the configuration', async () => {
  const rules = { kind: 'fetch_url', maxBytes: 2048, allowHosts: ['docs.example.org'] } as const
  const { directory, tool } = openTools([{ ...limits, ...rules, name: 'pages' }])
  const pages = await tool('pages')
  expect(pages).toMatchObject({ name: 'pages', servedName: 'pages', parameters: { type: 'object' } })
  const refused = await pages.call({ url: 'https://example.com/' }, never)
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('docs.example.org') })
  expect(await directory.list(undefined, never)).toEqual([
    { name: 'pages', description: expect.stringContaining('web page') },
  ])
})

it('web_search asks the engine of the configuration, for so many results at most', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const results = ['one', 'two', 'three'].map((title) => ({ title, url: `https://example.org/${title}` }))
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ results }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const searxngUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { tool } = openTools([{ ...limits, name: 'web', kind: 'web_search', searxngUrl, maxResults: 2 }])
  const { text, isError } = await (await tool('web')).call({ query: 'paris' }, never)
  expect(isError).toBe(false)
  expect(text).toContain('example.org/two')
  expect(text).not.toContain('three')
  expect(asked).toEqual([expect.stringContaining('q=paris')])
})

it('a result is cut where the configuration says', async () => {
  const server = createServer((_request, response) => {
    const results = [{ title: 'x'.repeat(200), url: 'https://example.org/', content: 'y'.repeat(400) }]
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ results }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const searxngUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = { ...limits, name: 'web', kind: 'web_search', searxngUrl, maxResults: undefined } as const
  const { text } = await (await openTools([settings]).tool('web')).call({ query: 'x' }, never)
  expect(text).toMatch(/\n\[cut: these are the first 300 bytes of \d+ bytes\]$/)
})
