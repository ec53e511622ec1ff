import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProviderServer, startProviderServer } from '../support/provider-server.ts'
import { createProject, type Project } from './installed-package.ts'

const localModel = process.env.TEST_LOCAL_MODEL ?? ''
const why = localModel === '' ? ' (skipped: TEST_LOCAL_MODEL names no GGUF file)' : ''

let project: Project
let server: ProviderServer
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  project = await createProject()
  server = await startProviderServer()
  env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, ASSIZE_PORT: '0' }
}, 180_000)

afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** Writes a file of the project and gives its path. */
async function write(name: string, content: string): Promise<string> {
  const path = join(project.folder, name)
  await writeFile(path, content)
  return path
}

function threeLines(model: string): string {
  return `
    import { createJudge } from 'assize'
    const judge = await createJudge({
      model: '${model}',
      instructions: 'Is the response polite?',
      output: { options: [{ value: 'polite', description: 'It is.' }, { value: 'rude', description: 'It is not.' }] },
    })
    const { outcome, answer, analysis } = await judge([{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello!' }])
    console.log(JSON.stringify({ outcome, answer, analysis }))
  `
}

describe('the package', () => {
  it('judges in three lines, and lets the program end', async () => {
    const script = await write('judge.mjs', threeLines('gpt-4.1-mini'))
    const { code, stdout, stderr } = await project.run('node', [script], env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'answered',
      answer: 'polite',
      analysis: 'As the test says.',
    })
  })

  it.skipIf(localModel === '')(
    `judges with a model of its own process${why}`,
    async () => {
      const folder = join(project.folder, '.assize/models')
      await mkdir(folder, { recursive: true })
      await copyFile(localModel, join(folder, 'tiny.gguf'))
      const script = await write('judge-locally.mjs', threeLines('local/tiny'))
      const { code, stdout, stderr } = await project.run('node', [script])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({
        outcome: 'answered',
        answer: expect.stringMatching(/^(?:polite|rude)$/),
      })
    },
    120_000,
  )

  it('has types that follow from the output', async () => {
    await write('consumer.ts', consumer)
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: 'es2022',
      // Without any types of Node.
      lib: ['es2022', 'dom'],
      types: [],
      module: 'nodenext',
    }
    await write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    await write('package.json', JSON.stringify({ type: 'module' }))
    expect(await project.run('tsc', ['-p', '.'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('brings the program, which judges and serves', async () => {
    const program = join(project.folder, 'node_modules/assize/src/start.js')
    const help = await project.run('node', [program, '--help'])
    expect(help).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: assize COMMAND'),
      stderr: '',
    })
    const judge = await write(
      'judge.yaml',
      'name: Politeness\ndescription: ""\nmodel_name: gpt-4.1-mini\ninstructions: Is it polite?\ntools: []\noutput: {options: [{value: polite, description: It is.}]}\n',
    )
    const conversation = await write('conversation.json', '[{"role": "user", "content": "Hi"}]')
    const judged = await project.run(
      'node',
      [program, 'judge', '--judge', judge, '--conversation', conversation],
      env,
    )
    expect({ ...judged, stdout: JSON.parse(judged.stdout) }).toMatchObject({
      code: 0,
      stdout: { outcome: 'answered', answer: 'polite' },
      stderr: '',
    })
    const served = await project.run('sh', ['-c', serveUntilItListens, program], env)
    expect(served.stdout).toContain('Assize listens on')
    expect(served.stdout).toContain('<div id="root">')
  })
})

const serveUntilItListens = `
  node "$0" serve > log & pid=$!
  for wait in $(seq 200); do grep -q listens log && break; sleep 0.1; done
  node -e 'fetch(process.argv[1]).then((page) => page.text()).then(console.log)' "$(grep -o 'http://[^ ]*' log | head -n 1)"
  kill $pid; wait $pid; cat log`

const consumer = `
import { type AnswerOf, type Conversation, createJudge, type Judge, type Judgment, openJudge } from 'assize'

const output = { options: [{ value: 'polite', description: '' }, { value: 'rude', description: '' }] } as const
const messages: Conversation = [{ role: 'user', content: 'Hi' }]

await using judge = await createJudge({ model: 'gpt-4.1-mini', instructions: 'Is it polite?', output })
const { outcome, answer, analysis, reason } = await judge(messages, { samples: 5 })
if (outcome === 'answered') {
  const exact: 'polite' | 'rude' = answer
  const text: string = analysis
  // @ts-expect-error it is no other option
  const other: 'kind' = answer
  const none: undefined = reason
} else {
  const none: undefined = answer
  const text: string = reason
}

const inline = await createJudge({
  model: 'gpt-4.1-mini',
  instructions: 'Is it polite?',
  output: { options: [{ value: 'yes', description: 'It is.' }, { value: 'no', description: 'It is not.' }] },
})
const narrow: Judge<'yes' | 'no'> = inline
const wide: Judge = inline

const scale = await createJudge({
  model: 'm',
  instructions: 'How polite?',
  output: { max: 5, minDescription: 'rude', maxDescription: 'polite' },
})
const judgment: Judgment<number> = await scale({ messages, properties: { language: 'en' } })
const number: number | undefined = judgment.answer

for await (const { conversation, judgment } of inline.over([{ id: 1, messages }], { concurrency: 8 })) {
  const id: number = conversation.id
  const answer: 'yes' | 'no' | undefined = judgment.answer
}

const opened = await openJudge('judge.yaml', { config: { judging: { deadline_seconds: 5 } }, env: {} })
const either: string | number | undefined = (await opened(messages)).answer

type Answer = AnswerOf<typeof output>
const one: Answer = 'rude'

// @ts-expect-error an option needs a description
await createJudge({ model: 'm', instructions: 'i', output: { options: [{ value: 'yes' }] } })
// @ts-expect-error a scale needs both ends told
await createJudge({ model: 'm', instructions: 'i', output: { max: 5, maxDescription: 'polite' } })
// @ts-expect-error a judge has instructions
await createJudge({ model: 'm', output })
// @ts-expect-error a judge has no prompt
await createJudge({ model: 'm', instructions: 'i', output, prompt: '' })
// @ts-expect-error samples are a number
await judge(messages, { samples: 'many' })
// @ts-expect-error a text is no conversation
await judge('Hi')
// @ts-expect-error there is no such setting
await createJudge({ model: 'm', instructions: 'i', output }, { config: { provider: {} } })
`
