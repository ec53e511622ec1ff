import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Config, ConfigError, loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { type Check, checksOf, type Finding } from './doctor-checks.ts'
import { type ShownSetting, settingsOf } from './doctor-settings.ts'
import { table } from './table.ts'

const usage = `Usage: assize doctor [--json]

Shows what is set and what set it, and looks at what a server needs: the data folder, the database, the port, each
provider and its key, local models, tools, and whether what judges name is served. It changes nothing, and waits 10 s for
each at most. The exit code is 1 where something fails; warnings leave it 0.`

const checkWithinMs = 10_000

interface Result extends Finding {
  readonly name: string
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  const { settings, results } = await examine(io)
  if (values.json) io.stdout.write(`${JSON.stringify({ settings, checks: results }, null, 2)}\n`)
  else print(settings, results, io)
  return results.some(({ state }) => state === 'fail') ? 1 : 0
}

async function examine(io: Io): Promise<{ settings: readonly ShownSetting[]; results: readonly Result[] }> {
  let config: Config
  let settings: readonly ShownSetting[]
  try {
    config = loadConfig(io.env, io.workingDir)
    settings = settingsOf(config, io)
  } catch (error) {
    const result = { name: 'configuration', state: 'fail', said: problemOf(error) } as const
    return { settings: [], results: [result] }
  }
  const checks = checksOf(config)
  const waiting = new Set(checks.map(({ name }) => name))
  const show = (): void => {
    if (io.stderr.isTTY)
      io.stderr.write(`\r\u001b[K${waiting.size > 0 ? `looking at ${[...waiting].join(', ')}` : ''}`)
  }
  show()
  const results = await Promise.all(
    checks.map(async (check) => {
      const result = await look(check, io.stop)
      waiting.delete(check.name)
      show()
      return result
    }),
  )
  const node = { name: 'Node', state: 'ok', said: process.version } as const
  return { settings, results: [node, ...results] }
}

/** Throws what is not about settings. */
function problemOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  throw error
}

async function look({ name, run: look }: Check, stop: AbortSignal): Promise<Result> {
  const done = new AbortController()
  const tooLong = new AbortController()
  const late = delay(checkWithinMs, undefined, { signal: AbortSignal.any([done.signal, stop]) }).then(
    () => ({ state: 'fail', said: `no answer within ${checkWithinMs / 1000} s` }) as const,
    () => ({ state: 'fail', said: 'stopped' }) as const,
  )
  const found = look(AbortSignal.any([stop, tooLong.signal])).catch(
    (error: unknown): Finding => ({
      state: 'fail',
      said: error instanceof Error ? error.message : String(error),
    }),
  )
  const finding = await Promise.race([found, late])
  done.abort()
  tooLong.abort()
  return { name, ...finding }
}

/** What others said is shown without marks that a terminal would obey. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
}

function print(settings: readonly ShownSetting[], results: readonly Result[], io: Io): void {
  if (settings.length > 0) {
    io.stdout.write(`${table(settings.map(({ name, value, from }) => [name, value, `(${from})`]))}\n`)
  }
  const rows = results.map(({ state, name, said, mend }) => [
    state,
    name,
    oneLine(said) + (mend === undefined ? '' : ` -> ${mend}`),
  ])
  io.stdout.write(table(rows))
}

export const doctorCommand: Command = { usage, run }
