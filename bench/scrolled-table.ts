import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'

/** The times between frames that were shown one after the other. */
export interface Frames {
  readonly count: number
  /** Of those that took more than 50 ms, the time that a page may take to answer a person's move. */
  readonly longShare: number
  readonly longestMs: number
}

const longFrameMs = 50
const wheelEveryMs = 30

/** The one table of a page of Assize with more rows than are drawn. */
export interface ScrolledTable {
  readonly rowCount: number
  /** What is shown while nobody does anything, which is what the machine itself leaves. */
  rest(seconds: number): Promise<Frames>
  /** Turns the wheel by so many pixels, again and again. */
  wheel(seconds: number, pixels: number): Promise<Frames>
  /**
   * @param share how far down: 0 is the first row, 1 the last
   * @returns milliseconds until each row that is to be seen there is drawn with what it says
   */
  jump(share: number): Promise<number>
}

// What is evaluated in the page is text: this program has no types of a document.
const start = `{
  const table = document.querySelector('[role=table][aria-rowcount]')
  const isDrawn = (share) => {
    const box = table.getBoundingClientRect()
    const { bottom: top } = table.querySelector('[role=rowgroup]').getBoundingClientRect()
    const seen = [...table.querySelectorAll('[role=row][aria-rowindex]')].slice(1).flatMap((row) => {
      const { top: from, bottom: to } = row.getBoundingClientRect()
      return to > top && from < box.bottom ? [{ row, from, to }] : []
    })
    const number = (row) => Number(row.getAttribute('aria-rowindex'))
    const last = Math.max(...seen.map(({ row }) => number(row)))
    return seen.length > 0 &&
      Math.min(...seen.map(({ from }) => from)) <= top + 1 &&
      Math.max(...seen.map(({ to }) => to)) >= box.bottom - 20 &&
      (share < 1 || last === Number(table.getAttribute('aria-rowcount'))) &&
      seen.every(({ row }) => [...row.querySelectorAll('[role=cell]')].some((cell) => cell.textContent !== ''))
  }
  let gaps = []
  let before
  const frame = (now) => {
    if (before !== undefined) gaps.push(now - before)
    before = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  window.scrolled = {
    takeGaps: () => gaps.splice(0),
    jump: (share) => new Promise((resolve, reject) => {
      const startedMs = performance.now()
      table.scrollTop = share * (table.scrollHeight - table.clientHeight)
      const look = () => {
        const ms = performance.now() - startedMs
        if (isDrawn(share)) resolve(ms)
        else if (ms > 30000) reject(new Error('No rows are drawn after 30 s.'))
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    }),
  }
}`

/** Opens a page that has such a table, and waits until its first rows are drawn. */
export async function openScrolledTable(page: Page, url: string): Promise<ScrolledTable> {
  await page.goto(url)
  const table = page.getByRole('table').and(page.locator('[aria-rowcount]'))
  await table.locator('[role=cell]').first().waitFor()
  await table.scrollIntoViewIfNeeded()
  const rowCount = Number(await table.getAttribute('aria-rowcount')) - 1
  await page.evaluate(start)
  await page.evaluate('scrolled.jump(0)')
  await table.hover()
  const takeGaps = (): Promise<number[]> => page.evaluate('scrolled.takeGaps()')
  return {
    rowCount,
    async rest(seconds) {
      await takeGaps()
      await wait(seconds * 1000)
      return framesOf(await takeGaps())
    },
    async wheel(seconds, pixels) {
      await takeGaps()
      const untilMs = performance.now() + seconds * 1000
      while (performance.now() < untilMs) {
        await page.mouse.wheel(0, pixels)
        await wait(wheelEveryMs)
      }
      const top = Number(
        await page.evaluate("document.querySelector('[role=table][aria-rowcount]').scrollTop"),
      )
      if (top === 0) throw new Error('The wheel moved nothing.')
      return framesOf(await takeGaps())
    },
    jump: (share) => page.evaluate(`scrolled.jump(${share})`),
  }
}

function framesOf(gaps: readonly number[]): Frames {
  return {
    count: gaps.length,
    longShare: gaps.filter((gap) => gap > longFrameMs).length / gaps.length,
    longestMs: Math.max(...gaps),
  }
}
