import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, approval, path, startTestAssize, type TestAssize } from './test-assize.ts'

export const runsPath = '/v1/observability/runs'
const datasetsPath = '/v1/observability/datasets'

/** A run as the API shows it. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
type ShownRun = any

export interface TestRuns extends TestAssize {
  readonly judgeId: string
  readonly revisionId: string
  readonly datasetId: string
  /** In the order of the dataset. */
  readonly recordIds: readonly string[]
  /** Creates a run over the dataset, unless the body says over what. */
  create(body?: object): Promise<Answer>
  /** The run's id once it is created. */
  begin(body?: object): Promise<string>
  show(id: string): Promise<ShownRun>
  /** The run once it is in this state, and fails after 20 s. */
  until(id: string, isSo: string | ((run: ShownRun) => boolean)): Promise<ShownRun>
  judgmentsOf(id: string, query?: string): Promise<ShownRun[]>
}

/** `Question 1` and so on. */
const conversation = (number: number) => ({
  messages: [
    { role: 'user', content: `Question ${number}` },
    { role: 'assistant', content: 'An answer.' },
  ],
})

/**
 * A server with a judge and a dataset, that works on runs.
 * @param properties of each record of the dataset
 */
export async function startTestRuns(
  properties: readonly object[],
  choices: Parameters<typeof startTestAssize>[0] & {
    readonly judge?: object
    readonly isIdle?: boolean
  } = {},
): Promise<TestRuns> {
  const test = await startTestAssize(choices)
  const { call } = test
  const { body: judge } = await call('POST', path, { body: { ...approval, ...choices.judge } })
  const { body: dataset } = await call('POST', datasetsPath, { body: { name: 'Questions', description: '' } })
  const recordIds: string[] = []
  for (const [index, each] of properties.entries()) {
    const record = { payload: conversation(index + 1), properties: each }
    recordIds.push((await call('POST', `${datasetsPath}/${dataset.id}/records`, { body: record })).body.id)
  }
  if (!choices.isIdle) test.assize.runWorker.start()

  const create = (body: object = {}): Promise<Answer> => {
    const over = 'record_ids' in body || 'dataset_id' in body ? {} : { dataset_id: dataset.id }
    return call('POST', runsPath, { body: { judge_id: judge.id, ...over, ...body } })
  }
  const show = async (id: string): Promise<ShownRun> => (await call('GET', `${runsPath}/${id}`)).body

  return {
    ...test,
    judgeId: judge.id,
    revisionId: judge.base_revision,
    datasetId: dataset.id,
    recordIds,
    create,
    show,
    async begin(body) {
      const { status, body: run } = await create(body)
      if (status !== 201) throw new Error(`The run was not created: ${JSON.stringify(run)}`)
      return run.id
    },
    async until(id, isSo) {
      const holds = typeof isSo === 'string' ? (run: ShownRun) => run.state === isSo : isSo
      for (let looks = 0; ; looks += 1) {
        const run = await show(id)
        if (holds(run)) return run
        if (looks === 1000) throw new Error(`The run never came to that: ${JSON.stringify(run)}`)
        await delay(20)
      }
    },
    async judgmentsOf(id, query = '') {
      return (await call('GET', `${runsPath}/${id}/judgments?page_size=100${query}`)).body.judgments.results
    },
  }
}

/** As many records without properties. */
export function plain(count: number): readonly object[] {
  return Array.from({ length: count }, () => ({}))
}
