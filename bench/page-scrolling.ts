/**
 * How the page moves through many rows: a dataset of many records and a run over them are opened in a browser, the wheel is
 * turned for some seconds, and the table is moved to places far away. Run it with `npm run bench:page`. The browser is the
 * one that TEST_CHROMIUM names, or one that is in PATH.
 */
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildPage } from '../scripts/page/build-page.ts'
import { prepareChromium } from '../scripts/test/chromium.ts'
import { type BenchServer, startBenchServer } from './bench-server.ts'
import { percentile, start, temporaryDir } from './processes.ts'
import { type Frames, openScrolledTable } from './scrolled-table.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '6' },
    // How many times slower the browser's scripts and drawing are, as on a lesser machine.
    slowdown: { type: 'string', default: '1' },
    // A folder that stays, so that measuring again need not judge again.
    'data-dir': { type: 'string' },
  },
})
const records = Number(values.records)
const seconds = Number(values.seconds)

/** By the wheel, in pixels every 30 ms: as one reads on, and as one looks for something. */
const wheels = { slow: 120, fast: 1200 }

/** Where the table is moved to, besides the middle and the end. */
const otherPlaces = [0.2, 0.9, 0.1, 0.7, 0.3, 0.8, 0.4, 0.6, 0.05, 0.95]

interface Measured {
  readonly what: string
  readonly frames: Readonly<Record<string, Frames>>
  readonly jumps: { readonly middle: number; readonly end: number; readonly others: readonly number[] }
  /** Of the server alone, for the pages of rows at the start, the middle and the end. */
  readonly answeredMs: readonly number[]
}

/** Gives the ids of a dataset and of a run that has judged it. */
async function fill(server: BenchServer): Promise<{ datasetId: string; runId: string }> {
  const { runs } = await server.call('GET', '/v1/observability/runs?page_size=1')
  const [kept] = runs.results
  if (kept?.state === 'completed') return { datasetId: kept.dataset_id, runId: kept.id }
  const datasetId = await server.addDataset(records)
  const judgeId = await server.addJudge()
  const asked = { judge_id: judgeId, dataset_id: datasetId, concurrency: 64 }
  const run = await server.call('POST', '/v1/observability/runs', asked)
  for (let state = 'running'; state === 'running'; ) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    state = (await server.call('GET', `/v1/observability/runs/${run.id}`)).state
  }
  return { datasetId, runId: run.id }
}

async function signIn(browser: Browser, { url, key }: BenchServer): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('Key', { exact: true }).fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: Number(values.slowdown) })
  return page
}

async function measure(
  what: string,
  page: Page,
  server: BenchServer,
  path: string,
  rowsPath: string,
): Promise<Measured> {
  const table = await openScrolledTable(page, `${server.url}${path}`)
  if (table.rowCount < records) throw new Error(`${what}: ${table.rowCount} rows instead of ${records}.`)
  const frames = {
    'nobody moves': await table.rest(seconds),
    'reading on': await table.wheel(seconds, wheels.slow),
    'looking for something': await table.wheel(seconds, wheels.fast),
  }
  const [middle, end, others] = [await table.jump(0.5), await table.jump(1), [] as number[]]
  for (const place of otherPlaces) others.push(await table.jump(place))
  return { what, frames, jumps: { middle, end, others }, answeredMs: await answerTimes(server, rowsPath) }
}

/** Medians of ten, for the first page of a hundred rows, that in the middle and the last. */
async function answerTimes(server: BenchServer, path: string): Promise<readonly number[]> {
  const times: number[] = []
  for (const page of [1, Math.ceil(records / 200), Math.ceil(records / 100)]) {
    const each: number[] = []
    for (let round = 0; round < 10; round += 1) {
      const startedMs = performance.now()
      await server.call('GET', `${path}page=${page}&page_size=100`)
      each.push(performance.now() - startedMs)
    }
    times.push(
      percentile(
        each.sort((a, b) => a - b),
        0.5,
      ),
    )
  }
  return times
}

function report(measured: readonly Measured[]): string {
  const frames = measured.flatMap(({ what, frames }) =>
    Object.entries(frames).map(([how, { count, longShare, longestMs }]) => [
      what,
      how,
      count,
      `${(100 * longShare).toFixed(1)}%`,
      longestMs.toFixed(0),
    ]),
  )
  const jumps = measured.map(({ what, jumps: { middle, end, others }, answeredMs }) => [
    what,
    ...[
      middle,
      end,
      percentile(
        others.toSorted((a, b) => a - b),
        0.5,
      ),
      Math.max(...others),
    ].map((ms) => ms.toFixed(0)),
    answeredMs.map((ms) => ms.toFixed(1)).join(', '),
  ])
  return [
    tableOf(['rows', 'wheel', 'frames', 'over 50 ms', 'longest, ms'], frames),
    tableOf(
      ['rows', 'to the middle, ms', 'to the end, ms', 'ten others, median', 'longest', 'server alone'],
      jumps,
    ),
  ].join('\n')
}

function tableOf(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

const executablePath = (await prepareChromium()).env.TEST_CHROMIUM ?? process.env.TEST_CHROMIUM
if (executablePath === undefined) throw new Error('No browser: set TEST_CHROMIUM to one.')
await buildPage()
await using folder = await temporaryDir()
await using provider = await start(['bench/rivals/provider.js', '0'], {}, /http/)
await using server = await startBenchServer(
  values['data-dir'] ?? folder.path,
  `${provider.output().trim()}/assize/v1`,
)
const { datasetId, runId } = await fill(server)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const page = await signIn(browser, server)
  const ofDataset = `/v1/observability/datasets/${datasetId}/records?`
  const ofRun = `/v1/observability/runs/${runId}/judgments?`
  process.stdout.write(
    report([
      await measure('records', page, server, `/datasets/${datasetId}`, ofDataset),
      await measure('judgments', page, server, `/runs/${runId}`, ofRun),
      await measure(
        'judgments of one answer',
        page,
        server,
        `/runs/${runId}?answer=yes`,
        `${ofRun}answer=yes&`,
      ),
    ]),
  )
} finally {
  await browser.close()
}
