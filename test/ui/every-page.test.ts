import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { signIn, startTestBrowser, whySkipped } from './browser.ts'
import { type Filled, startFilledServer } from './filled-server.ts'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const criteria = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** An address of every page and of its main states, and what it shows once it is there. */
function statesOf({ judge, scale, dataset, run, scaleRun, otherRun, judgment }: Filled) {
  return [
    ['/', 'Judgments, last 30 days'],
    ['/judges', 'How kind?'],
    ['/judges?q=nothing+like+it', 'No judge fits'],
    ['/judges/new', 'Begin with one'],
    ['/judges/new?template=faithfulness', 'Instructions'],
    [`/judges/${judge}`, 'Live judgments'],
    [`/judges/${scale}/edit`, 'Save as a new revision'],
    [`/judges/${judge}/revisions`, 'Instructions, before and after'],
    [`/judges/${judge}/judgments/${judgment}`, 'How it was made'],
    ['/datasets', 'Questions'],
    ['/datasets/new', 'Drop a file here'],
    [`/datasets/${dataset}`, 'Question 3'],
    ['/runs', 'completed'],
    ['/runs/new', 'Start the run'],
    [`/runs/${run}`, 'forbidden'],
    [`/runs/${scaleRun}`, 'On the mean'],
    [`/runs/${otherRun}/compare?with=${run}`, 'What is not the same'],
    ['/trust', 'Read the report'],
    [`/runs/${run}/trust`, 'people would say'],
    [`/runs/${scaleRun}/trust`, 'Judge beside people'],
    [`/runs/${run}/label`, 'Skip'],
    ['/settings', 'first key'],
    ['/settings?tab=models', 'judge-small'],
    ['/settings?tab=tools', 'No tools'],
    ['/settings?tab=usage', 'Tokens read'],
    ['/settings?tab=audit', 'label given'],
    ['/settings?tab=workspace', 'Signed in with'],
    ['/judges/nowhere/nothing', 'There is no such page'],
  ] as const
}

async function violationsOf(page: Page): Promise<string[]> {
  // The page takes no script that is written into it; one that is evaluated is not the page's.
  await page.evaluate(await readFile(axePath, 'utf8'))
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(criteria)} })`,
  )) as AxeResults
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}: ${failureSummary}`),
  )
}

describe.skipIf(whySkipped !== '')(`every page${whySkipped}`, () => {
  const browser = startTestBrowser()

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 375 },
  ] as const)(
    'is whole and can be used by everybody: $colorScheme, $width px',
    { timeout: 180_000 },
    async ({ colorScheme, width }) => {
      const filled = await startFilledServer()
      const { page, troubles } = await browser.open(filled.url, {
        colorScheme,
        viewport: { width, height: 860 },
      })
      await signIn(page, filled.url, filled.key)
      const found: Record<string, readonly string[]> = {}
      for (const [path, shows] of statesOf(filled)) {
        await page.goto(filled.url + path)
        const isThere = await page
          .getByText(shows)
          .first()
          .waitFor({ timeout: 10_000 })
          .then(
            () => true,
            () => false,
          )
        await page.waitForLoadState('networkidle')
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        const faults = [
          ...(isThere ? [] : [`does not show ${JSON.stringify(shows)}`]),
          ...(await violationsOf(page)),
          ...(Number(tooWide) > 0 ? [`is ${tooWide} px wider than the window`] : []),
          ...troubles.splice(0),
        ]
        if (faults.length > 0) found[path] = faults.map((f) => f.slice(0, 300))
      }
      expect(found).toEqual({})
    },
  )
})
