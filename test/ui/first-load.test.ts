import type { Response } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { makeDataDir, serve } from '../process/running-program.ts'
import { signIn, startTestBrowser, whySkipped } from './browser.ts'

const mostScriptBytes = 300_000

describe.skipIf(whySkipped !== '')(`the first load${whySkipped}`, () => {
  const browser = startTestBrowser()

  it('fetches little script, compressed, and a second one none', async () => {
    const { url, printedKey = '' } = await serve(await makeDataDir())
    const { page, troubles } = await browser.open(url)
    let scripts: Response[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') scripts.push(response)
    })
    await signIn(page, url, printedKey)
    await page.waitForLoadState('networkidle')
    const sizes = await Promise.all(scripts.map((script) => script.request().sizes()))
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(mostScriptBytes)
    scripts = []
    await page.goto(`${url}/`)
    await page.waitForLoadState('networkidle')
    const kept = scripts.filter((script) => new URL(script.url()).pathname.startsWith('/assets/'))
    const again = await Promise.all(kept.map((script) => script.request().sizes()))
    // What comes out of the browser's own store has a size of no meaning, below zero.
    expect(again.filter(({ responseBodySize }) => responseBodySize > 0)).toEqual([])
    expect(troubles).toEqual([])
  })

  it('is refused to no one and to nothing but what it is', async () => {
    const { url } = await serve(await makeDataDir())
    const page = await fetch(`${url}/runs/some-run`, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const [script = ''] = /\/assets\/[^"]+\.js/.exec(await page.text()) ?? []
    const asset = await fetch(url + script, { headers: { 'accept-encoding': 'br' } })
    expect(asset.headers.get('content-encoding')).toBe('br')
    expect(asset.headers.get('cache-control')).toContain('immutable')
    const missing = await fetch(`${url}/assets/none.js`)
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({ detail: { error_code: null } })
  })
})
