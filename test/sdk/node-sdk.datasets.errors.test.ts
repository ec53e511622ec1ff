import type { Mistral } from '@mistralai/mistralai'
import { describe, it } from 'vitest'
import { type ExpectedFailure, expectFailure } from './expect-failure.ts'
import { type ListeningAssize, startListeningAssize } from './listening-assize.ts'
import { clientOf, definition } from './node-client.ts'

const unknownId = '019b2bd7-96e7-7219-8c0b-45a73da50088'
const questions = { name: 'Questions', description: 'Of customers.' }
const payload = { messages: [{ role: 'user', content: 'What?' }] }

type Datasets = Mistral['beta']['observability']['datasets']

function datasetsOf(assize: ListeningAssize, key?: string): Datasets {
  return clientOf(assize, key).beta.observability.datasets
}

async function addRecord(datasets: Datasets): Promise<string> {
  const { id: datasetId } = await datasets.create(questions)
  return (await datasets.createRecord({ datasetId, createDatasetRecordRequest: { payload } })).id
}

/** Every method of datasets that names one. */
const ofDataset: Readonly<Record<string, (datasets: Datasets, datasetId: string) => Promise<unknown>>> = {
  fetch: (datasets, datasetId) => datasets.fetch({ datasetId }),
  update: (datasets, datasetId) => datasets.update({ datasetId, updateDatasetRequest: { name: 'New' } }),
  delete: (datasets, datasetId) => datasets.delete({ datasetId }),
  listRecords: (datasets, datasetId) => datasets.listRecords({ datasetId }),
  createRecord: (datasets, datasetId) =>
    datasets.createRecord({ datasetId, createDatasetRecordRequest: { payload } }),
  exportToJsonl: (datasets, datasetId) => datasets.exportToJsonl({ datasetId }),
}

/** Every method of records. */
const ofRecord: Readonly<Record<string, (datasets: Datasets, datasetRecordId: string) => Promise<unknown>>> =
  {
    fetch: ({ records }, datasetRecordId) => records.fetch({ datasetRecordId }),
    delete: ({ records }, datasetRecordId) => records.delete({ datasetRecordId }),
    bulkDelete: ({ records }, id) => records.bulkDelete({ datasetRecordIds: [id] }),
    judge: ({ records }, datasetRecordId) =>
      records.judge({ datasetRecordId, judgeDatasetRecordRequest: { judgeDefinition: definition() } }),
    updatePayload: ({ records }, datasetRecordId) =>
      records.updatePayload({ datasetRecordId, updateDatasetRecordPayloadRequest: { payload } }),
    updateProperties: ({ records }, datasetRecordId) =>
      records.updateProperties({
        datasetRecordId,
        updateDatasetRecordPropertiesRequest: { properties: {} },
      }),
  }

interface Failure extends ExpectedFailure {
  readonly when: string
  readonly act: (assize: ListeningAssize) => Promise<unknown>
}

const failures: readonly Failure[] = [
  ...Object.entries(ofDataset).flatMap(([method, call]) => [
    {
      when: `there is no dataset to ${method}`,
      status: 404,
      errorCode: 'DATASET_NOT_FOUND',
      says: unknownId,
      act: (assize: ListeningAssize) => call(datasetsOf(assize), unknownId),
    },
    {
      when: `the dataset to ${method} is of another workspace`,
      status: 404,
      errorCode: 'DATASET_NOT_FOUND',
      says: 'no dataset',
      act: async (assize: ListeningAssize) => {
        const { id } = await datasetsOf(assize).create(questions)
        return call(datasetsOf(assize, assize.keys.otherWorkspace), id)
      },
    },
    {
      when: `the dataset to ${method} has an id that can be none`,
      status: 422,
      errorCode: 'VALIDATION_ERROR',
      says: 'dataset_id',
      act: (assize: ListeningAssize) => call(datasetsOf(assize), 'not_mine'),
    },
  ]),
  ...Object.entries(ofRecord).flatMap(([method, call]) => [
    {
      when: `there is no record to ${method}`,
      status: 404,
      errorCode: 'DATASET_RECORD_NOT_FOUND',
      says: unknownId,
      act: (assize: ListeningAssize) => call(datasetsOf(assize), unknownId),
    },
    {
      when: `the record to ${method} is of another workspace`,
      status: 404,
      errorCode: 'DATASET_RECORD_NOT_FOUND',
      says: 'no record',
      act: async (assize: ListeningAssize) => {
        const id = await addRecord(datasetsOf(assize))
        return call(datasetsOf(assize, assize.keys.otherWorkspace), id)
      },
    },
  ]),
  {
    when: 'the role may not create a dataset',
    status: 403,
    errorCode: 'AUTH_FORBIDDEN',
    says: 'viewer',
    act: (assize) => datasetsOf(assize, assize.keys.viewer).create(questions),
  },
  {
    when: 'the key is revoked',
    status: 401,
    errorCode: 'AUTH_UNAUTHORIZED',
    says: 'revoked',
    act: (assize) => datasetsOf(assize, assize.keys.revoked).list(),
  },
  {
    when: 'the name of a dataset is too long',
    status: 422,
    errorCode: 'VALIDATION_ERROR',
    says: 'name: expected 1 to 200 characters',
    act: (assize) => datasetsOf(assize).create({ ...questions, name: 'x'.repeat(201) }),
  },
  {
    when: 'a new payload is no conversation',
    status: 422,
    errorCode: 'DATASET_RECORD_FORMAT_ERROR',
    says: 'payload.messages[0]',
    act: async (assize) => {
      const datasets = datasetsOf(assize)
      const { id: datasetId } = await datasets.create(questions)
      return datasets.createRecord({
        datasetId,
        createDatasetRecordRequest: { payload: { messages: [{ role: 'oracle' }] } },
      })
    },
  },
  {
    when: "a record's payload becomes no conversation",
    status: 422,
    errorCode: 'DATASET_RECORD_FORMAT_ERROR',
    says: 'payload.messages is missing',
    act: async (assize) => {
      const datasets = datasetsOf(assize)
      return datasets.records.updatePayload({
        datasetRecordId: await addRecord(datasets),
        updateDatasetRecordPayloadRequest: { payload: {} },
      })
    },
  },
  ...(
    [
      [400, 'TEMPLATE_SYNTAX_ERROR', 'line 1', { instructions: '{{' }],
      [502, 'JUDGE_MISTRAL_API_ERROR', 'no valid answer', { modelName: 'talks-nonsense' }],
      [429, 'JUDGE_MISTRAL_API_ERROR', 'Too many requests', { modelName: 'limits-rate' }],
      [408, 'JUDGE_MISTRAL_API_TIMEOUT', 'deadline', { modelName: 'never-answers' }],
    ] as const
  ).map(([status, errorCode, says, change]) => ({
    when: `a record is judged with ${JSON.stringify(change)}`,
    status,
    errorCode,
    says,
    act: async (assize: ListeningAssize) => {
      const datasets = datasetsOf(assize)
      return datasets.records.judge({
        datasetRecordId: await addRecord(datasets),
        judgeDatasetRecordRequest: { judgeDefinition: definition(change) },
      })
    },
  })),
]

describe("the Node SDK's errors of datasets", () => {
  for (const { when, act, ...expected } of failures) {
    it(`is ${expected.status} ${expected.errorCode} when ${when}`, async () => {
      await expectFailure(act(await startListeningAssize()), expected)
    })
  }
})
