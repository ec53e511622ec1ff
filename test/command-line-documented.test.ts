import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCommand as runAny } from '../src/cli/commands.ts'
import { runCommand } from '../src/cli/run.ts'
import { parseConditions } from '../src/cli/run-conditions.ts'
import { allOutcomes } from '../src/cli/run-result.ts'
import { runCaptured } from './support/run-command.ts'

const documented = readFileSync(new URL('../docs/command-line.md', import.meta.url), 'utf8')

function optionsIn(text: string): string[] {
  return [...new Set(text.match(/--[a-z][a-z-]+/g))].filter((option) => option !== '--help').toSorted()
}

describe('docs/command-line.md', () => {
  it('has every command', async () => {
    const { stdout } = await runCaptured((io) => runAny(['--help'], io))
    const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
    expect(names).toContain('run')
    const [table = ''] = documented.split('## `assize run`')
    for (const name of names) expect(table).toContain(`\`${name}\``)
  })

  it('has every option of run, and no other', () => {
    expect(optionsIn(documented)).toEqual(optionsIn(runCommand.usage))
  })

  it('has examples of conditions that can be read', () => {
    const conditions = [...documented.matchAll(/--fail-if '([^']+)'/g)].map(([, text]) => text ?? '')
    expect(conditions.length).toBeGreaterThan(2)
    expect(parseConditions(conditions)).toHaveLength(conditions.length)
  })

  it('names outcomes that there are', () => {
    const named = [...documented.matchAll(/outcome\(([a-z_]+)\)/g)].map(([, outcome]) => outcome)
    expect(named.length).toBeGreaterThan(0)
    for (const outcome of named) expect(allOutcomes).toContain(outcome)
  })
})
