import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { engines } from '../support/engines.ts'
import { makeDataDir, serve } from './running-program.ts'

/** How often the program is killed; `KILL_ROUNDS=30 npx vitest run test/process/import-kill.test.ts` looks harder. */
const rounds = Number(process.env.KILL_ROUNDS ?? 3)
const lineCount = 10_000 * (rounds + 1)
const datasets = '/v1/observability/datasets'
const key = 'the-key-of-this-test'

interface Task {
  readonly id: string
  readonly status: string
  readonly lines_read: number
}

/** Each seventh line is none. */
function contentOf(lines: number): string {
  return Array.from({ length: lines }, (_, number) =>
    number % 7 === 6
      ? '{\n'
      : `{"messages":[{"role":"user","content":"Question ${number}"}],"number":${number}}\n`,
  ).join('')
}

type Call = <Body>(method: string, path: string, body?: string, type?: string) => Promise<Body>

function callOf(url: string): Call {
  return async (method, path, body, type = 'application/json') => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': type }),
    }
    const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return path.endsWith('.jsonl') ? text : JSON.parse(text)
  }
}

for (const engine of engines) {
  describe(`kill -9 under an import on ${engine.name}`, () => {
    it(
      `loses no line and doubles none, ${rounds} times`,
      async () => {
        const { location, drop } = await engine.createDatabase()
        onTestFinished(drop)
        const dataDir = await makeDataDir()
        const start = async () => {
          const { program, url } = await serve(dataDir, {
            ASSIZE_API_KEY: key,
            ASSIZE_DATABASE_URL: location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url,
          })
          return { program, call: callOf(url) }
        }
        let { program, call } = await start()
        const made = await call<{ id: string }>('POST', datasets, '{"name":"Imported","description":""}')
        const path = `${datasets}/${made.id}`
        const content = contentOf(lineCount)
        const begun = await call<Task>('POST', `${path}/imports/upload`, content, 'application/jsonl')
        const fetchTask = () => call<Task>('GET', `${path}/tasks/${begun.id}`)
        const killedAt: number[] = []
        for (let round = 0; round < rounds; round += 1) {
          const before = killedAt.at(-1) ?? 0
          // On from where it was: who was killed keeps its claim for some seconds.
          await expect
            .poll(async () => (await fetchTask()).lines_read, { timeout: 40_000 })
            .toBeGreaterThan(before)
          await delay(Math.random() * 300)
          await program.end('SIGKILL')
          ;({ program, call } = await start())
          const task = await fetchTask()
          expect(task).toMatchObject({ status: 'RUNNING' })
          expect(task.lines_read).toBeGreaterThanOrEqual(before)
          killedAt.push(task.lines_read)
        }
        await expect.poll(async () => (await fetchTask()).status, { timeout: 60_000 }).toBe('COMPLETED')
        const refused = Math.floor(lineCount / 7)
        expect(await fetchTask()).toMatchObject({
          lines_read: lineCount,
          lines_taken: lineCount - refused,
          lines_refused: refused,
          message: `Read chat messages: ${(lineCount - refused).toLocaleString('en')} lines taken, ${refused.toLocaleString('en')} lines refused.`,
        })
        const exported = await call<string>('GET', `${path}/exports/records.jsonl`)
        const numbers = exported
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).payload.number)
        const expected = Array.from({ length: lineCount }, (_, number) => number).filter(
          (number) => number % 7 !== 6,
        )
        expect(numbers).toEqual(expected)
        expect(await program.end('SIGTERM')).toBe(0)
      },
      60_000 + rounds * 60_000,
    )
  })
}
