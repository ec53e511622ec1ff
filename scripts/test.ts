import { rm } from 'node:fs/promises'
import { runChecks } from './test/checks.ts'
import { prepareChromium } from './test/chromium.ts'
import { prepareLocalModel } from './test/local-model.ts'
import { preparePage } from './test/page.ts'
import type { Part } from './test/part.ts'
import { preparePostgres } from './test/postgres.ts'
import { preparePython } from './test/python.ts'
import { runProgram, say } from './test/run-program.ts'
import { readReport, type Totals } from './test/vitest-report.ts'

// `npm test`: checks the types, the style and what is unused, then runs every test that this machine can run. What
// tests need is fetched where that takes no asking. With REQUIRE_ALL=1 it is a failure to skip anything.
// `npm test -- test/http` gives its arguments to Vitest, and leaves the checks out.

const reportPath = 'node_modules/.cache/assize/test-report.json'

async function test(vitestArgs: readonly string[]): Promise<number> {
  const page = await preparePage()
  const failedChecks = vitestArgs.length === 0 ? await runChecks() : []
  const totals = await runTests(vitestArgs, page)
  const failures = [...failedChecks.map((name) => `the check of ${name}`), ...totals.failures]
  for (const name of totals.skips) say(`Skipped: ${name}`)
  for (const name of failures) say(`Failed: ${name}`)
  const mayNotSkip = process.env.REQUIRE_ALL === '1' && totals.skips.length > 0
  if (mayNotSkip) say('REQUIRE_ALL=1 is set: a test that is skipped is a failure.')
  say(`${totals.passed} passed, ${failures.length} failed, ${totals.skips.length} skipped`)
  return failures.length > 0 || mayNotSkip ? 1 : 0
}

async function runTests(vitestArgs: readonly string[], page: Part): Promise<Totals> {
  await using postgres = await preparePostgres()
  const parts: readonly Part[] = [
    page,
    postgres,
    await preparePython(),
    await prepareLocalModel(),
    await prepareChromium(),
  ]
  for (const { name, state } of parts) say(`${name}: ${state}`)
  const env: Record<string, string> = Object.assign({}, ...parts.map((part) => part.env))
  await rm(reportPath, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const { exitCode } = await runProgram('vitest', ['run', ...reporters, ...vitestArgs], {
    env,
    isShown: true,
  })
  return readReport(reportPath, exitCode)
}

process.exitCode = await test(process.argv.slice(2))
