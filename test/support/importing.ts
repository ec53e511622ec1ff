import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import type { Config } from '../../src/config.ts'
import { type Answer, startTestAssize, type TestAssize } from './test-assize.ts'

export const datasetsPath = '/v1/observability/datasets'

interface Form {
  readonly name?: string
  readonly type?: string
  readonly fields?: Readonly<Record<string, string>>
}

/** An instance with an empty dataset, and what sends files to it. */
export interface Importing extends TestAssize {
  readonly datasetPath: string
  /** Imports the body itself. */
  importBody(body: string | Buffer, type: string, query?: string): Promise<Answer>
  importForm(content: string | Buffer, form?: Form): Promise<Answer>
  uploadFile(content: string | Buffer, form?: Form): Promise<Answer>
  /** The task once it has ended. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
  ended(task: Answer): Promise<any>
  /** Payloads and properties of all records. */
  records(): Promise<{ payload: object; properties: object }[]>
  refusals(taskId: string): Promise<unknown[]>
}

export async function startImporting(
  choices: Parameters<typeof startTestAssize>[0] = {},
): Promise<Importing> {
  const assize = await startTestAssize(choices)
  const { call } = assize
  const { body: dataset } = await call('POST', datasetsPath, { body: { name: 'Questions', description: '' } })
  const datasetPath = `${datasetsPath}/${dataset.id}`
  const send = async (path: string, content: string | Buffer, form: Form = {}) => {
    const { body, type } = await formOf(content, form)
    return call('POST', path, { body, headers: { 'content-type': type } })
  }
  return {
    ...assize,
    datasetPath,
    importBody: (body, type, query = '') =>
      call('POST', `${datasetPath}/imports/upload${query}`, { body, headers: { 'content-type': type } }),
    importForm: (content, form) => send(`${datasetPath}/imports/upload`, content, form),
    uploadFile: (content, form) => send('/v1/files', content, form),
    async ended({ status, body }) {
      expect(body).toMatchObject({ status: 'RUNNING' })
      expect(status).toBe(202)
      const fetchTask = async () => (await call('GET', `${datasetPath}/tasks/${body.id}`)).body
      await expect.poll(async () => (await fetchTask()).status, { timeout: 20_000 }).not.toBe('RUNNING')
      return await fetchTask()
    },
    async records() {
      const { body } = await call('GET', `${datasetPath}/records?page_size=100`)
      return body.records.results.map(({ payload, properties }: { payload: object; properties: object }) => ({
        payload,
        properties,
      }))
    },
    async refusals(taskId) {
      const { body } = await call('GET', `${datasetPath}/tasks/${taskId}/refusals?page_size=100`)
      return body.refusals.results
    },
  }
}

/** A form as the SDKs send it: the file first, and what is said of it behind. */
export async function formOf(
  content: string | Buffer,
  { name = 'data.jsonl', type = 'application/octet-stream', fields = {} }: Form = {},
): Promise<{ readonly body: Buffer; readonly type: string }> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(Buffer.from(content))], { type }), name)
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  const request = new Request('http://localhost', { method: 'POST', body: form })
  return {
    body: Buffer.from(await request.arrayBuffer()),
    type: request.headers.get('content-type') ?? '',
  }
}

/** What is kept of files, whole or not, listed or not. */
export function filesLeft({ database }: Config): unknown {
  if (database.engine !== 'sqlite') throw new Error('This looks into a file of SQLite.')
  const opened = new DatabaseSync(database.path, { readOnly: true })
  const { left } = opened
    .prepare('select (select count(*) from files) + (select count(*) from file_chunks) as left')
    .get() as { left: number }
  opened.close()
  return left
}
