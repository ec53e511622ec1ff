import { type Answer, approval, path, type TestAssize } from '../support/test-assize.ts'

const conversation = { messages: [{ role: 'user', content: 'Hi' }] }
const datasets = '/v1/observability/datasets'
const records = '/v1/observability/dataset-records'
const payload = { payload: conversation }
const files = '/v1/files'
const runs = '/v1/observability/runs'

/** A form with a file in it, as a client sends it. */
export const fileForm = {
  type: 'multipart/form-data; boundary=b',
  body: `--b\r\ncontent-disposition: form-data; name="file"; filename="data.jsonl"\r\n\r\n${JSON.stringify(conversation)}\n\r\n--b--\r\n`,
}

export interface Endpoint {
  readonly action: 'read' | 'write' | 'judge' | 'manage_keys'
  readonly method: string
  /** With a name of `Things` for the id of each. */
  readonly url: string
  readonly body?: object | string
  /** Of the body, where it is no JSON. */
  readonly type?: string
  /** Where the body names things too, by their ids. */
  readonly bodyOf?: (things: Things) => object
  /** The code of the error where what the body names first is not found; a record's unless said. */
  readonly hiding?: string
  readonly status: number
}

/** Every endpoint that asks for a key, in an order in which all of them succeed. */
export const endpoints: readonly Endpoint[] = [
  { action: 'read', method: 'GET', url: path, status: 200 },
  { action: 'read', method: 'GET', url: `${path}/overview`, status: 200 },
  { action: 'read', method: 'GET', url: `${path}/JUDGE`, status: 200 },
  { action: 'read', method: 'GET', url: `${path}/JUDGE/revisions`, status: 200 },
  { action: 'read', method: 'GET', url: '/v1/observability/me', status: 200 },
  { action: 'manage_keys', method: 'GET', url: '/v1/observability/keys', status: 200 },
  {
    action: 'manage_keys',
    method: 'POST',
    url: '/v1/observability/keys',
    body: { name: 'New' },
    status: 201,
  },
  { action: 'manage_keys', method: 'DELETE', url: '/v1/observability/keys/KEY', status: 204 },
  { action: 'manage_keys', method: 'GET', url: '/v1/observability/audit', status: 200 },
  { action: 'read', method: 'GET', url: '/v1/models', status: 200 },
  { action: 'read', method: 'GET', url: '/v1/observability/tools', status: 200 },
  { action: 'read', method: 'GET', url: '/v1/observability/usage', status: 200 },
  { action: 'read', method: 'GET', url: '/v1/observability/overview', status: 200 },
  { action: 'write', method: 'POST', url: path, body: { ...approval, name: 'Another' }, status: 201 },
  { action: 'read', method: 'POST', url: `${path}/lint`, body: approval, status: 200 },
  { action: 'read', method: 'GET', url: '/v1/observability/judge-templates', status: 200 },
  {
    action: 'read',
    method: 'POST',
    url: `${path}/preview`,
    body: { judge_definition: approval, ...conversation },
    status: 200,
  },
  {
    action: 'judge',
    method: 'POST',
    url: `${path}/try`,
    body: { judge_definition: approval, ...conversation },
    status: 200,
  },
  { action: 'write', method: 'PUT', url: `${path}/JUDGE`, body: { ...approval, name: 'Newer' }, status: 204 },
  { action: 'judge', method: 'POST', url: `${path}/JUDGE/live-judging`, body: conversation, status: 200 },
  { action: 'read', method: 'GET', url: `${path}/JUDGE/judgments`, status: 200 },
  { action: 'read', method: 'GET', url: `${path}/JUDGE/judgments/JUDGMENT`, status: 200 },
  { action: 'write', method: 'DELETE', url: `${path}/JUDGE/judgments/JUDGMENT`, status: 204 },
  {
    action: 'write',
    method: 'DELETE',
    url: `${path}/JUDGE/judgments?before=2030-01-01T00:00:00Z`,
    status: 200,
  },
  { action: 'read', method: 'GET', url: datasets, status: 200 },
  { action: 'write', method: 'POST', url: datasets, body: { name: 'New', description: '' }, status: 201 },
  { action: 'read', method: 'GET', url: `${datasets}/DATASET`, status: 200 },
  { action: 'write', method: 'PATCH', url: `${datasets}/DATASET`, body: { name: 'Other' }, status: 200 },
  { action: 'read', method: 'GET', url: `${datasets}/DATASET/records`, status: 200 },
  { action: 'write', method: 'POST', url: `${datasets}/DATASET/records`, body: payload, status: 201 },
  { action: 'read', method: 'GET', url: `${datasets}/DATASET/exports/to-jsonl`, status: 200 },
  { action: 'read', method: 'GET', url: `${datasets}/DATASET/exports/records.jsonl`, status: 200 },
  { action: 'read', method: 'GET', url: `${records}/RECORD`, status: 200 },
  {
    action: 'judge',
    method: 'POST',
    url: `${records}/RECORD/live-judging`,
    body: { judge_definition: approval },
    status: 200,
  },
  { action: 'write', method: 'PUT', url: `${records}/RECORD/payload`, body: payload, status: 204 },
  { action: 'read', method: 'GET', url: files, status: 200 },
  { action: 'write', method: 'POST', url: files, ...fileForm, status: 200 },
  { action: 'read', method: 'GET', url: `${files}/FILE`, status: 200 },
  { action: 'read', method: 'GET', url: `${files}/FILE/url`, status: 200 },
  { action: 'read', method: 'GET', url: `${files}/FILE/content`, status: 200 },
  {
    action: 'write',
    method: 'POST',
    url: `${datasets}/DATASET/imports/from-file`,
    bodyOf: ({ FILE }) => ({ file_id: FILE }),
    status: 202,
  },
  {
    action: 'write',
    method: 'POST',
    url: `${datasets}/DATASET/imports/from-dataset`,
    bodyOf: ({ RECORD }) => ({ dataset_record_ids: [RECORD] }),
    status: 202,
  },
  {
    action: 'write',
    method: 'POST',
    url: `${datasets}/DATASET/imports/from-playground`,
    body: { conversation_ids: [] },
    status: 400,
  },
  { action: 'write', method: 'POST', url: `${datasets}/DATASET/imports/upload`, ...fileForm, status: 202 },
  { action: 'read', method: 'GET', url: `${datasets}/DATASET/tasks`, status: 200 },
  { action: 'read', method: 'GET', url: `${datasets}/DATASET/tasks/TASK`, status: 200 },
  { action: 'read', method: 'GET', url: `${datasets}/DATASET/tasks/TASK/refusals`, status: 200 },
  { action: 'write', method: 'DELETE', url: `${files}/FILE`, status: 200 },
  {
    action: 'write',
    method: 'PUT',
    url: `${records}/RECORD/properties`,
    body: { properties: {} },
    status: 204,
  },
  {
    action: 'write',
    method: 'POST',
    url: `${records}/bulk-delete`,
    bodyOf: ({ OTHER_RECORD }) => ({ dataset_record_ids: [OTHER_RECORD] }),
    status: 204,
  },
  {
    action: 'write',
    method: 'POST',
    url: `${records}/RECORD/labels`,
    bodyOf: ({ JUDGE }) => ({ judge_id: JUDGE, value: null, author: 'Ada' }),
    status: 201,
  },
  { action: 'read', method: 'GET', url: `${records}/RECORD/labels`, status: 200 },
  { action: 'write', method: 'DELETE', url: `${records}/RECORD/labels/LABEL`, status: 204 },
  {
    action: 'write',
    method: 'POST',
    url: `${datasets}/DATASET/labels/from-field`,
    bodyOf: ({ JUDGE }) => ({ judge_id: JUDGE, field: 'label', author: 'Ada' }),
    status: 200,
  },
  { action: 'read', method: 'GET', url: runs, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/judgments`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/answers`, status: 200 },
  // The judgment that there is was made while somebody waited.
  { action: 'read', method: 'GET', url: `${runs}/RUN/judgments/JUDGMENT`, status: 404 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/judgments.jsonl`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/judgments.csv`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/events`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/agreement`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/label-queue`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/label-pairs`, status: 200 },
  {
    action: 'read',
    method: 'GET',
    url: `${runs}/RUN/corrected-shares?labels_of=OTHER_RUN`,
    status: 200,
  },
  { action: 'read', method: 'GET', url: `${runs}/RUN/comparison?with=OTHER_RUN`, status: 200 },
  { action: 'read', method: 'GET', url: `${runs}/RUN/comparison/flips?with=OTHER_RUN`, status: 200 },
  {
    action: 'judge',
    method: 'POST',
    url: runs,
    bodyOf: ({ JUDGE, DATASET }) => ({ judge_id: JUDGE, dataset_id: DATASET }),
    hiding: 'JUDGE_NOT_FOUND',
    status: 201,
  },
  { action: 'judge', method: 'POST', url: `${runs}/RUN/resume`, body: {}, status: 200 },
  { action: 'judge', method: 'POST', url: `${runs}/RUN/cancel`, status: 200 },
  { action: 'judge', method: 'POST', url: `${runs}/RUN/retry`, body: {}, status: 200 },
  { action: 'write', method: 'DELETE', url: `${runs}/RUN`, status: 204 },
  { action: 'write', method: 'DELETE', url: `${records}/RECORD`, status: 204 },
  { action: 'write', method: 'DELETE', url: `${datasets}/DATASET`, status: 204 },
  { action: 'write', method: 'DELETE', url: `${path}/JUDGE`, status: 204 },
]

/** What the API calls the ids in its paths. */
const parameters = {
  JUDGE: '{judge_id}',
  JUDGMENT: '{judgment_id}',
  DATASET: '{dataset_id}',
  RECORD: '{dataset_record_id}',
  LABEL: '{label_id}',
  FILE: '{file_id}',
  TASK: '{task_id}',
  RUN: '{run_id}',
  OTHER_RUN: '{run_id}',
  KEY: '{key_id}',
} as const

/** The code of the error where a thing is not found. */
const codes = {
  JUDGE: 'JUDGE_NOT_FOUND',
  JUDGMENT: null,
  DATASET: 'DATASET_NOT_FOUND',
  RECORD: 'DATASET_RECORD_NOT_FOUND',
  LABEL: null,
  FILE: null,
  TASK: 'DATASET_TASK_NOT_FOUND',
  RUN: 'EVALUATION_RUN_NOT_FOUND',
  OTHER_RUN: 'EVALUATION_RUN_NOT_FOUND',
  KEY: null,
} as const

type Named = keyof typeof parameters

/** An id of each kind of thing, all of one workspace. */
export type Things = Readonly<Record<Named | 'OTHER_RECORD', string>>

const names = new RegExp(`\\b(?:${Object.keys(parameters).join('|')})\\b`, 'g')

/** Makes one of each. */
export async function makeThings({ call, model }: TestAssize): Promise<Things> {
  const { body: judge } = await call('POST', path, { body: approval })
  const judging = `${path}/${judge.id}/live-judging?include=details`
  const { body: judged } = await call('POST', judging, { body: conversation })
  model.requests.length = 0
  const { body: dataset } = await call('POST', datasets, { body: { name: 'Questions', description: '' } })
  const add = () => call('POST', `${datasets}/${dataset.id}/records`, { body: payload })
  const [record, other] = [await add(), await add()]
  const given = { judge_id: judge.id, value: null, author: 'Grace' }
  const { body: label } = await call('POST', `${records}/${record.body.id}/labels`, { body: given })
  const headers = { 'content-type': fileForm.type }
  const { body: file } = await call('POST', files, { body: fileForm.body, headers })
  const imported = { file_id: file.id }
  const { body: task } = await call('POST', `${datasets}/${dataset.id}/imports/from-file`, { body: imported })
  // Stopped, so that watching it ends.
  const run = async (): Promise<string> => {
    const begun = { judge_id: judge.id, dataset_id: dataset.id }
    const { id } = (await call('POST', runs, { body: begun })).body
    await call('POST', `${runs}/${id}/cancel`)
    return id
  }
  const { body: key } = await call('POST', '/v1/observability/keys', { body: { name: 'Other' } })
  return {
    JUDGE: judge.id,
    JUDGMENT: judged.details.judgment_id,
    DATASET: dataset.id,
    RECORD: record.body.id,
    OTHER_RECORD: other.body.id,
    LABEL: label.id,
    FILE: file.id,
    TASK: task.id,
    RUN: await run(),
    OTHER_RUN: await run(),
    KEY: key.id,
  }
}

/** As the OpenAPI document writes it. */
export function documentedName({ method, url }: Endpoint): string {
  const [path] = url.split('?')
  return `${method} ${path?.replaceAll(names, (name) => parameters[name as Named])}`
}

export function callOn(
  { call }: TestAssize,
  endpoint: Endpoint,
  things: Things,
  key: string | false,
): Promise<Answer> {
  const body = endpoint.bodyOf?.(things) ?? endpoint.body
  const url = endpoint.url.replaceAll(names, (name) => things[name as Named])
  const headers = endpoint.type && { 'content-type': endpoint.type }
  return call(endpoint.method, url, { key, ...(body && { body }), ...(headers && { headers }) })
}

/** The code with which an endpoint hides what is another workspace's; undefined where it names nothing. */
export function hidingCode({ url, bodyOf, hiding = codes.RECORD }: Endpoint): string | null | undefined {
  const [name] = url.match(names) ?? []
  if (bodyOf && name === undefined) return hiding
  return name && codes[name as Named]
}
