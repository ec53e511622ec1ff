import type { TestAssize } from './test-assize.ts'

export const datasetsPath = '/v1/observability/datasets'
export const recordsPath = '/v1/observability/dataset-records'

// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
type Shown = any

export async function createDataset({ call }: Pick<TestAssize, 'call'>, name = 'Questions'): Promise<Shown> {
  return (await call('POST', datasetsPath, { body: { name, description: 'Of customers.' } })).body
}

export function payloadOf(content: string): { messages: { role: string; content: string }[] } {
  return { messages: [{ role: 'user', content }] }
}

/** Adds a record with one message for each of these contents. */
export async function addRecords(
  { call }: Pick<TestAssize, 'call'>,
  datasetId: string,
  contents: readonly string[],
): Promise<Shown[]> {
  const added: Shown[] = []
  for (const content of contents) {
    const body = { payload: payloadOf(content), properties: { about: content.slice(0, 10) } }
    added.push((await call('POST', `${datasetsPath}/${datasetId}/records`, { body })).body)
  }
  return added
}
