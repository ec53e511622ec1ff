import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { attacks } from '../src/agreement/attacks.ts'
import { exampleConversations } from '../src/agreement/example-conversations.ts'
import { flags } from '../src/judging/flags.ts'

const document = readFileSync(new URL('../docs/hostile-text.md', import.meta.url), 'utf8')
const rows = document.split('\n').filter((line) => line.startsWith('| '))

it('docs/hostile-text.md has each flag, in its order, and no other', () => {
  const named = rows.flatMap((row) => /^\| `([a-z_]+)` \|/.exec(row)?.[1] ?? [])
  expect(named).toEqual([...flags])
})

it('docs/hostile-text.md has each attack, and no other', () => {
  const classes = rows.filter((row) => !row.startsWith('| `'))
  const named = classes.flatMap((row) => [...row.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name))
  expect([...new Set(named)].sort()).toEqual(attacks.map(({ name }) => name).sort())
})

it('docs/hostile-text.md says how many attacks and examples there are', () => {
  expect(document).toContain(`${attacks.length} more if it is rejected`)
  expect(document).toContain(`${exampleConversations.length} short bad answers`)
})
