import { expect, it } from 'vitest'
import { oddProcess } from '../support/odd-process.ts'
import { startTestAssize } from '../support/test-assize.ts'

const url = '/v1/observability/tools'

it('lists nothing where nothing is configured', async () => {
  const { call } = await startTestAssize()
  expect(await call('GET', url)).toMatchObject({ status: 200, body: { tools: [] } })
})

it("lists the tools that the workspace's judges can name, and leaves out what is away", async () => {
  const odd = oddProcess()
  const away = { ...oddProcess('broken').tool, name: 'away' }
  const fetchUrl = {
    name: 'pages',
    kind: 'fetch_url',
    maxBytes: undefined,
    allowHosts: undefined,
    timeoutMs: 1000,
    maxResultBytes: 1000,
  } as const
  const access = { research: ['pages', 'odd.pid'] }
  const { call, keyOf } = await startTestAssize({
    config: { tools: { served: [odd.tool, away, fetchUrl], access } },
  })
  const all = await call('GET', url)
  expect(all.status).toBe(200)
  expect(all.body.tools.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['odd', 'odd.pid', 'odd.token', 'pages']),
  )
  expect(all.body.tools[1]).toEqual({ name: 'odd.pid', description: 'Its process.' })
  expect(JSON.stringify(all.body)).not.toContain('away')
  const some = await call('GET', url, { key: await keyOf('viewer', 'research') })
  expect(some.body.tools.map(({ name }: { name: string }) => name)).toEqual(['odd', 'odd.pid', 'pages'])
})

it('gives a judge what its workspace may use, and refuses the rest by name', async () => {
  const odd = oddProcess()
  const access = { research: ['odd.pid'] }
  const { call, keyOf, model } = await startTestAssize({
    config: { tools: { served: [odd.tool], access } },
  })
  const judge = {
    name: 'With tools',
    description: '',
    model_name: 'scripted',
    output: { type: 'REGRESSION', min_description: 'bad', max_description: 'good' },
    instructions: 'Is it fine?',
    tools: ['odd.pid', 'odd.die'],
  }
  const key = await keyOf('admin', 'research')
  const { body } = await call('POST', '/v1/observability/judges', { key, body: judge })
  const judged = await call('POST', `/v1/observability/judges/${body.id}/live-judging`, {
    key,
    body: { messages: [{ role: 'user', content: 'Hi' }] },
  })
  expect(judged).toMatchObject({
    status: 400,
    body: {
      detail: {
        error_code: 'FEATURE_NOT_SUPPORTED',
        message: 'tools: this server does not have "odd.die"; it has odd.pid.',
      },
    },
  })
  expect(model.requests).toEqual([])
  expect(odd.pids()).toEqual([])
})
