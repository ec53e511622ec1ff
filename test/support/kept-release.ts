import { setTimeout as delay } from 'node:timers/promises'
import { KillableProgram } from './killable-program.ts'
import type { ProviderServer } from './provider-server.ts'
import { ServedApi } from './served-api.ts'
import { approval, path } from './test-assize.ts'

/** What a released version's data folder was made with, and what its program answered. */
export interface KeptFacts {
  readonly key: string
  /** Answers of GET requests, by their paths. */
  readonly answers: Readonly<Record<string, unknown>>
  /** A run that was under way when the program was killed. */
  readonly unfinishedRun: { readonly id: string; readonly total: number }
}

const keptKey = 'the-key-of-a-kept-release'

interface Place {
  readonly dataDir: string
  readonly databaseUrl: string
  readonly provider: ProviderServer
  /** The checkout whose program it is; this one unless it is given. */
  readonly root?: string
}

export async function startKept({ dataDir, databaseUrl, provider, root }: Place) {
  const program = await KillableProgram.start({
    ...(root && { root }),
    args: ['serve'],
    env: {
      ASSIZE_DATA_DIR: dataDir,
      ASSIZE_DATABASE_URL: databaseUrl,
      ASSIZE_PORT: '0',
      ASSIZE_API_KEY: keptKey,
      OPENAI_BASE_URL: provider.baseUrl,
    },
    ready: /Assize listens on (\S+)/,
  })
  return { program, api: new ServedApi(() => program.told(), keptKey) }
}

const datasets = '/v1/observability/datasets'
const runs = '/v1/observability/runs'

/** Fills an empty database with some of everything by a program, and kills it in the middle of a run. */
export async function fillAndKill(place: Place): Promise<KeptFacts> {
  const { program, api } = await startKept(place)
  await using _program = program
  const judge = { ...approval, model_name: 'openai/anything' }
  const { id: judgeId } = await api.call('POST', path, judge)
  await api.call('PUT', `${path}/${judgeId}`, { ...judge, instructions: 'Is it really approved?' })
  const scale = { type: 'REGRESSION', min: 1, min_description: 'bad', max: 5, max_description: 'good' }
  await api.call('POST', path, { ...judge, name: 'How good it is', output: scale })
  const gone = await api.call('POST', path, { ...judge, name: 'Soon deleted' })
  await api.call('DELETE', `${path}/${gone.id}`)
  const conversation = { messages: [{ role: 'assistant', content: 'Paris — naïve café ✓' }] }
  await api.call('POST', `${path}/${judgeId}/live-judging`, conversation)
  const dataset = await api.call('POST', datasets, { name: 'Kept', description: 'What is kept.' })
  const records = 30
  const lines = Array.from({ length: records }, (_, number) =>
    JSON.stringify({
      messages: [{ role: 'user', content: `Question ${number}` }],
      properties: { topic: number % 3 },
    }),
  )
  await api.upload(`${datasets}/${dataset.id}/imports/upload`, `${lines.join('\n')}\nnot JSON\n`)
  const listPath = `${datasets}/${dataset.id}/records?page_size=50`
  while ((await api.call('GET', listPath)).records.count < records) await delay(50)
  const asked = { judge_id: judgeId, dataset_id: dataset.id }
  const finished = await api.call('POST', runs, asked)
  while ((await api.call('GET', `${runs}/${finished.id}`)).state === 'running') await delay(50)
  const [first] = (await api.call('GET', listPath)).records.results
  const labels = `/v1/observability/dataset-records/${first.id}/labels`
  await api.call('POST', labels, {
    judge_id: judgeId,
    value: approval.output.options[0]?.value,
    author: 'Ada',
  })
  const paths = [
    path,
    `${path}/${judgeId}`,
    `${path}/${judgeId}/revisions`,
    `${path}/${judgeId}/judgments`,
    datasets,
    listPath,
    `${datasets}/${dataset.id}/tasks`,
    labels,
    `${runs}/${finished.id}`,
    `${runs}/${finished.id}/judgments?page_size=50`,
  ]
  const answers: Record<string, unknown> = {}
  for (const one of paths) answers[one] = await api.call('GET', one)
  place.provider.always({ delayMs: 100 })
  const unfinished = await api.call('POST', runs, { ...asked, concurrency: 2 })
  while ((await api.call('GET', `${runs}/${unfinished.id}`)).outcomes.answered < 5) await delay(10)
  await program.kill()
  return { key: keptKey, answers, unfinishedRun: { id: unfinished.id, total: records } }
}
