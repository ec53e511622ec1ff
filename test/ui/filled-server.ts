import { onTestFinished } from 'vitest'
import { makeDataDir, serve } from '../process/running-program.ts'
import { type ProviderRequest, type ScriptedAnswer, startProviderServer } from '../support/provider-server.ts'

/** What there is on a server that is filled, by its id. */
export interface Filled {
  readonly url: string
  readonly key: string
  readonly judge: string
  readonly scale: string
  readonly dataset: string
  readonly run: string
  readonly scaleRun: string
  readonly otherRun: string
  readonly judgment: string
}

const records = 24

const conversation = (number: number) => ({
  messages: [
    { role: 'system', content: 'You answer questions.' },
    { role: 'user', content: `Question ${number}: may I?` },
    ...(number % 3 === 0
      ? [
          {
            role: 'assistant',
            content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'I look it up.' }] }],
            tool_calls: [
              { id: `call${number}`, function: { name: 'rules', arguments: '{"about":"asking"}' } },
            ],
          },
          { role: 'tool', tool_call_id: `call${number}`, name: 'rules', content: '{"allowed":true}' },
        ]
      : []),
    { role: 'assistant', content: number % 2 === 0 ? 'You may.' : 'Better not.' },
  ],
  properties: { language: 'en', number },
})

/** The real program with a scripted provider, and something of everything that the page shows. */
export async function startFilledServer(): Promise<Filled> {
  const provider = await startProviderServer()
  onTestFinished(() => provider[Symbol.asyncDispose]())
  provider.script(...Array.from({ length: 500 }, () => answerOf))
  const served = await serve(await makeDataDir(), {
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: provider.baseUrl,
  })
  const { url, printedKey: key = '' } = served
  const call = createCall(url, key)
  const judge = await call('POST', '/judges', definition('May I?', options))
  const scale = await call(
    'POST',
    '/judges',
    definition('How kind?', { min: 1, min_description: 'rude', max: 5, max_description: 'kind' }),
  )
  await call('PUT', `/judges/${judge.id}`, {
    ...definition('May I?', options),
    instructions: 'Does it allow it?\n{{ user_message }}\n{{ assistant_message }}',
  })
  const dataset = await call('POST', '/datasets', { name: 'Questions', description: 'What people ask.' })
  for (let number = 1; number <= records; number += 1) {
    const { messages, properties } = conversation(number)
    await call('POST', `/datasets/${dataset.id}/records`, { payload: { messages }, properties })
  }
  const over = (judgeId: string, more = {}) =>
    runToItsEnd(call, { judge_id: judgeId, dataset_id: dataset.id, ...more })
  const run = await over(judge.id)
  const scaleRun = await over(scale.id)
  const otherRun = await over(judge.id, { samples: 3 })
  await labelSome(call, dataset.id, judge.id, scale.id)
  const live = await call('POST', `/judges/${judge.id}/live-judging`, {
    ...conversation(1),
    include: ['details'],
  })
  return {
    url,
    key,
    judge: judge.id,
    scale: scale.id,
    dataset: dataset.id,
    run,
    scaleRun,
    otherRun,
    judgment: live.details.judgment_id,
  }
}

const options = {
  options: [
    { value: 'allowed', description: 'It allows it.' },
    { value: 'forbidden', description: 'It does not.' },
  ],
}

function definition(name: string, output: object) {
  return {
    name,
    description: `Whether it is so: ${name}`,
    model_name: 'openai/judge-small',
    instructions: 'Look at the response.\n{{ assistant_message }}',
    output,
    tools: [],
  }
}

/** By the number of the question, so that both judges say different things, and one fails now and then. */
function answerOf({ body }: ProviderRequest): ScriptedAnswer {
  const text = JSON.stringify(body.messages)
  const number = Number(/Question (\d+)/.exec(text)?.[1] ?? text.length)
  if (number % 11 === 0) return { status: 400, body: { error: { message: 'This is refused.' } } }
  const isScale = text.includes('fractions allowed')
  const answer = isScale ? 1 + (text.length % 5) : text.includes('You may') ? 'allowed' : 'forbidden'
  const content = JSON.stringify({ analysis: `It reads like ${answer}.`, answer })
  return {
    body: {
      id: 'one',
      model: 'judge-small',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
type Call = (method: string, path: string, body?: unknown) => Promise<any>

function createCall(url: string, key: string): Call {
  return async (method, path, body) => {
    const response = await fetch(`${url}/v1/observability${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}

async function runToItsEnd(call: Call, body: object): Promise<string> {
  const { id } = await call('POST', '/runs', body)
  for (;;) {
    const { state } = await call('GET', `/runs/${id}`)
    if (state === 'completed') return id
    if (state !== 'running') throw new Error(`The run is ${state}.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function labelSome(call: Call, datasetId: string, judgeId: string, scaleId: string): Promise<void> {
  const page = await call('GET', `/datasets/${datasetId}/records?page_size=100`)
  for (const [index, { id }] of page.records.results.slice(0, 16).entries()) {
    const allowed = { judge_id: judgeId, value: index % 2 === 1 ? 'allowed' : 'forbidden' }
    await call('POST', `/dataset-records/${id}/labels`, { ...allowed, author: 'Ada' })
    if (index % 4 === 0)
      await call('POST', `/dataset-records/${id}/labels`, { ...allowed, value: 'allowed', author: 'Grace' })
    await call('POST', `/dataset-records/${id}/labels`, {
      judge_id: scaleId,
      value: 1 + (index % 5),
      author: 'Ada',
    })
  }
}
