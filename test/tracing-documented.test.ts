import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src', import.meta.url))
const documented = readFileSync(new URL('../docs/tracing.md', import.meta.url), 'utf8')

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }))

function namesIn(text: string, quote: string): string[] {
  const pattern = new RegExp(
    `${quote}((?:assize|gen_ai|http|url|server|error|exception)\\.[a-z_.]+)${quote}`,
    'g',
  )
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort()
}

const told = namesIn(
  files
    .filter(({ path }) => path.startsWith('telemetry'))
    .map(({ text }) => text)
    .join('\n'),
  "'",
)

describe('what is told by OpenTelemetry', () => {
  it('is what its documentation lists', () => {
    expect(told.length).toBeGreaterThan(25)
    expect(namesIn(documented, '`')).toEqual(told)
  })

  it('has the names of the conventions, or our own', () => {
    const known = new Set<unknown>(Object.values(conventions).filter((value) => typeof value === 'string'))
    expect(told.filter((name) => !name.startsWith('assize.') && !known.has(name))).toEqual([])
  })
})

describe('OpenTelemetry', () => {
  const users = files.filter(({ text }) => /from '@opentelemetry\//.test(text)).map(({ path }) => path)

  it('is used by what becomes traces alone', () => {
    expect(users.length).toBeGreaterThan(5)
    expect(users.filter((path) => !path.startsWith('telemetry'))).toEqual([])
  })

  it('is loaded by nothing that the program loads at its start', () => {
    const loaded = new Set<string>()
    const load = (path: string): void => {
      if (loaded.has(path)) return
      loaded.add(path)
      const text = files.find((file) => file.path === path)?.text ?? ''
      const imported = text.matchAll(/^(?:import|export)\b(?! type)[^;'"]*?from '(\.[^']+)'/gm)
      for (const [, specifier = ''] of imported) load(join(path, '..', specifier))
    }
    load('assize.ts')
    expect(loaded).toContain('assize-tracing.ts')
    expect(loaded).toContain('telemetry/metrics.ts')
    expect(users.filter((path) => loaded.has(path))).toEqual([])
  })
})
