import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { judgesCommand } from '../src/cli/judges.ts'
import { parseJudge } from '../src/cli/judges-parse.ts'

const page = readFileSync(fileURLToPath(new URL('../docs/judges-as-code.md', import.meta.url)), 'utf8')
const [judge = '', remembered = '', workflow = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(
  ([, block = '']) => block,
)

it('the example of a judge is one, with nothing that is left out', () => {
  expect(parseJudge(judge)).toMatchObject({ definition: { name: 'Helpfulness' }, unknownFields: [] })
})

it('the example of what is remembered is about that judge', () => {
  expect(Object.values(parse(remembered).judges)).toMatchObject([{ name: 'Helpfulness' }])
})

it('every flag of the page and of its workflow is one of the command', () => {
  const ofOthers = ['--cached', '--quiet', '--name']
  const flags = new Set(page.match(/(?<=[\s`])--[a-z][a-z-]*/g)?.filter((flag) => !ofOthers.includes(flag)))
  expect(flags.size).toBeGreaterThan(8)
  for (const flag of flags) expect(judgesCommand.usage).toContain(flag)
  const { steps } = parse(workflow).jobs.judges
  expect(steps.map(({ run = '' }) => run).join('\n')).toContain(
    'npx assize judges apply --prune --yes --server',
  )
})
