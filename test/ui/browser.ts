import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll } from 'vitest'

const executablePath = process.env.TEST_CHROMIUM ?? ''

/** Behind the name of what is tested in a browser. */
export const whySkipped = executablePath === '' ? ' (skipped: TEST_CHROMIUM names no browser)' : ''

/** A page that tells of all that a person would not see. */
export interface WatchedPage {
  readonly page: Page
  /** Errors and warnings of the console, errors of scripts, and requests to elsewhere. */
  readonly troubles: string[]
}

export interface TestBrowser {
  open(url: string, options?: BrowserContextOptions): Promise<WatchedPage>
}

/** One browser for all tests of a file; gone after them. */
export function startTestBrowser(): TestBrowser {
  let starting: Promise<Browser> | undefined
  afterAll(async () => (await starting)?.close())
  return {
    async open(url, options = {}) {
      starting ??= chromium.launch({ executablePath, args: ['--no-sandbox'] })
      const context = await (await starting).newContext({
        viewport: { width: 1280, height: 860 },
        ...options,
      })
      const page = await context.newPage()
      const troubles: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()))
          troubles.push(`${message.type()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url())
        if (origin !== new URL(url).origin && protocol !== 'data:' && protocol !== 'blob:')
          troubles.push(`request to elsewhere: ${request.url()}`)
      })
      return { page, troubles }
    },
  }
}

/** Signs in as one does without a link. */
export async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('Key', { exact: true }).fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Home' }).waitFor()
}
