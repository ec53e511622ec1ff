import { makeDataDir, serve } from './running-program.ts'

const base = '/v1/observability'

export const judge = {
  name: 'Approves',
  description: '',
  model_name: 'openai/judge-small',
  instructions: 'Is the answer right?',
  output: {
    type: 'CLASSIFICATION',
    options: [
      { value: 'yes', description: 'It is.' },
      { value: 'no', description: 'It is not.' },
    ],
  },
  tools: [],
}

export const messages = [
  { role: 'user', content: 'A question that stays here.' },
  { role: 'assistant', content: 'An answer that stays here.' },
]

/** The program, where its spans go at once. */
export async function start(
  endpoint: string,
  providerUrl: string,
  env: Readonly<Record<string, string>> = {},
) {
  const served = await serve(await makeDataDir(), {
    OPENAI_BASE_URL: providerUrl,
    OPENAI_API_KEY: 'a-key-of-a-provider',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_BLRP_SCHEDULE_DELAY: '50',
    ...env,
  })
  async function call(method: string, path: string, body?: object, headers = {}) {
    const answer = await fetch(served.url + base + path, {
      method,
      headers: {
        authorization: `Bearer ${served.printedKey}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
    return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as any }
  }
  return { ...served, call }
}
