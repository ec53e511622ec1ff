/**
 * What one judgment's call costs this process through each provider's client, against a model server without
 * latency in a process of its own. Run it with `node bench/clients.ts`.
 */
import type { ModelRequest } from '../src/judging/model.ts'
import type { ProviderClient } from '../src/models/provider-client.ts'
import { createAnthropic } from '../src/models/providers/anthropic.ts'
import { createBedrock } from '../src/models/providers/bedrock.ts'
import { createGoogle } from '../src/models/providers/google.ts'
import { createOpenai } from '../src/models/providers/openai.ts'
import { strictestForm } from '../src/models/request-form.ts'
import { start } from './processes.ts'

const callers = 16
const calls = Number(process.argv[2] ?? 6000)
const never = new AbortController().signal

const messages = [
  { role: 'system', content: 'You judge one response by the instructions. '.repeat(20) },
  {
    role: 'user',
    content: 'The representative offers comprehensive insurance at competitive rates. '.repeat(20),
  },
] as const

const output = {
  type: 'CLASSIFICATION',
  options: [
    { value: 'yes', description: 'It is.' },
    { value: 'no', description: 'It is not.' },
  ],
} as const

interface Way {
  readonly name: string
  readonly modelName: string
  readonly answers: readonly string[]
  open(baseUrl: string): ProviderClient
}

const settings = { name: 'bench', apiKey: 'a-key-for-the-benchmark-only', maxInFlight: callers }
const key = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example', sessionToken: undefined }

const ways: readonly Way[] = [
  {
    name: 'openai',
    modelName: 'judge-small',
    answers: ['openai', 'chat'],
    open: (baseUrl) => createOpenai({ ...settings, baseUrl }),
  },
  {
    name: 'anthropic',
    modelName: 'claude-sonnet-4-5',
    answers: ['anthropic', 'message'],
    open: (baseUrl) => createAnthropic({ ...settings, baseUrl }),
  },
  {
    name: 'google',
    modelName: 'gemini-2.5-flash',
    answers: ['google', 'content'],
    open: (baseUrl) => createGoogle({ ...settings, baseUrl }),
  },
  {
    name: 'bedrock',
    modelName: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    answers: ['bedrock', 'message'],
    open: (baseUrl) =>
      createBedrock({
        ...settings,
        baseUrl: new URL(baseUrl).origin,
        region: 'eu-central-1',
        key,
        modelNames: [],
      }),
  },
]

async function callAll(client: ProviderClient, request: ModelRequest): Promise<void> {
  const form = strictestForm(client.formats)
  let left = calls
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await client.complete(request, form, never)
    }
  }
  await Promise.all(Array.from({ length: callers }, loop))
}

process.stdout.write('| client | calls/s | CPU ms a call | first call ms |\n| --- | --- | --- | --- |\n')
for (const { name, modelName, answers, open } of ways) {
  await using server = await start(['bench/provider.ts', ...answers], {}, /http/)
  await using client = open(server.output().trim())
  const request: ModelRequest = { modelName, messages, output, maxOutputTokens: 2048 }
  const openedMs = performance.now()
  await client.complete(request, strictestForm(client.formats), never)
  const firstMs = performance.now() - openedMs
  await callAll(client, request)
  const [startedMs, before] = [performance.now(), process.cpuUsage()]
  await callAll(client, request)
  const { user, system } = process.cpuUsage(before)
  const perSecond = Math.round((calls / (performance.now() - startedMs)) * 1000)
  const cpuMs = (user + system) / 1000 / calls
  process.stdout.write(`| ${name} | ${perSecond} | ${cpuMs.toFixed(3)} | ${firstMs.toFixed(0)} |\n`)
}
