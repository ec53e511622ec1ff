import { setTimeout as delay } from 'node:timers/promises'
import type { CreateFileResponse, DatasetImportTask } from '@mistralai/mistralai/models/components'
import { describe, expect, it } from 'vitest'
import { expectFailure } from './expect-failure.ts'
import { startListeningAssize } from './listening-assize.ts'
import { clientOf, conversation } from './node-client.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const noId = '00000000-0000-0000-0000-000000000000'
const lines = `${JSON.stringify(conversation)}\n{"messages":[]}\n${JSON.stringify(conversation)}\n`

async function start() {
  const assize = await startListeningAssize()
  const { beta, files } = clientOf(assize)
  const { datasets } = beta.observability
  const { id: datasetId } = await datasets.create({ name: 'Questions', description: '' })
  const ended = async (taskId: string): Promise<DatasetImportTask> => {
    for (;;) {
      const task = await datasets.fetchTask({ datasetId, taskId })
      if (task.status !== 'RUNNING') return task
      await delay(20)
    }
  }
  return { assize, files, datasets, datasetId, ended }
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text()
}

describe('the Node SDK', () => {
  it('uploads, lists, retrieves, downloads and deletes files', async () => {
    const { files } = await start()
    const file = await files.upload({
      file: { fileName: 'data.jsonl', content: new TextEncoder().encode(lines) },
      purpose: 'batch',
      expiry: 3,
    })
    expect(file).toEqual({
      id: expect.stringMatching(uuid),
      object: 'file',
      sizeBytes: lines.length,
      createdAt: expect.any(Number),
      filename: 'data.jsonl',
      purpose: 'batch',
      sampleType: 'batch_request',
      numLines: null,
      mimetype: expect.any(String),
      source: 'upload',
      signature: null,
      expiresAt: file.createdAt + 3 * 3600,
      visibility: 'workspace',
    } satisfies Record<keyof CreateFileResponse, unknown>)
    const blob = await files.upload({ file: new File([lines], 'other.jsonl'), purpose: 'fine-tune' })
    expect(await files.retrieve({ fileId: file.id })).toEqual({ ...file, deleted: false })
    const listed = await files.list({
      purpose: 'batch',
      search: 'DATA',
      source: ['upload'],
      sampleType: ['batch_request'],
    })
    expect(listed).toEqual({ data: [file], object: 'list', total: 1 })
    const page = await files.list({ page: 1, pageSize: 1, includeTotal: false })
    expect(page).toMatchObject({ data: [{ id: file.id }], total: null })
    expect(await textOf(await files.download({ fileId: blob.id }))).toBe(lines)
    const { url } = await files.getSignedUrl({ fileId: file.id })
    expect(await (await fetch(url)).text()).toBe(lines)
    expect(await files.delete({ fileId: file.id })).toEqual({ id: file.id, object: 'file', deleted: true })
    await expect(files.retrieve({ fileId: file.id })).rejects.toMatchObject({ statusCode: 404 })
    expect((await files.list()).data).toEqual([blob])
  })

  it('uploads a stream of more than is sent at once', async () => {
    const { files } = await start()
    const parts = Array.from({ length: 40 }, (_, index) => new Uint8Array(50_000).fill(index))
    const content = ReadableStream.from(parts)
    const file = await files.upload({ file: { fileName: 'large.bin', content } })
    expect(file.sizeBytes).toBe(2_000_000)
    const bytes = await new Response(await files.download({ fileId: file.id })).bytes()
    expect(Buffer.from(bytes).equals(Buffer.concat(parts))).toBe(true)
  })

  it('imports a file, and follows the task', async () => {
    const { files, datasets, datasetId, ended } = await start()
    const file = await files.upload({ file: { fileName: 'data.jsonl', content: new Blob([lines]) } })
    const begun = await datasets.importFromFile({
      datasetId,
      importDatasetFromFileRequest: { fileId: file.id },
    })
    expect(begun).toMatchObject({
      id: expect.stringMatching(uuid),
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      deletedAt: null,
      creatorId: expect.stringMatching(uuid),
      datasetId,
      workspaceId: expect.stringMatching(uuid),
      status: 'RUNNING',
      progress: 0,
      message: null,
    } satisfies Record<keyof DatasetImportTask, unknown>)
    expect(await ended(begun.id)).toMatchObject({
      status: 'COMPLETED',
      progress: 100,
      message: 'Read chat messages: 2 lines taken, 1 line refused.',
    })
    const { records } = await datasets.listRecords({ datasetId })
    expect(records.results).toMatchObject([
      { payload: conversation, properties: {}, source: 'UPLOADED_FILE' },
      { payload: conversation },
    ])
  })

  it('imports records of another dataset, and lists the tasks', async () => {
    const { datasets, datasetId, ended } = await start()
    const other = await datasets.create({ name: 'Other', description: '' })
    const { id } = await datasets.createRecord({
      datasetId: other.id,
      createDatasetRecordRequest: { payload: conversation, properties: { a: 1 } },
    })
    const request = { datasetId, importDatasetFromDatasetRequest: { datasetRecordIds: [id] } }
    const tasks = [await datasets.importFromDatasetRecords(request)]
    await ended(tasks[0]?.id ?? '')
    tasks.push(await datasets.importFromDatasetRecords(request))
    await ended(tasks[1]?.id ?? '')
    const { records } = await datasets.listRecords({ datasetId })
    expect(records).toMatchObject({
      count: 2,
      results: [{ payload: conversation, properties: { a: 1 } }, {}],
    })
    const listed = await datasets.listTasks({ datasetId, page: 1, pageSize: 1 })
    expect(listed.tasks).toMatchObject({ count: 2, results: [{ id: tasks[1]?.id, status: 'COMPLETED' }] })
    expect(listed.tasks.next).toContain('page=2')
  })

  it('throws what is wrong with imports as its own errors', async () => {
    const { datasets, datasetId } = await start()
    await expectFailure(
      datasets.importFromFile({ datasetId, importDatasetFromFileRequest: { fileId: noId } }),
      noFile(noId),
    )
    const noRecord = { status: 404, errorCode: 'DATASET_RECORD_NOT_FOUND', says: noId }
    const fromRecords = { datasetId, importDatasetFromDatasetRequest: { datasetRecordIds: [noId] } }
    await expectFailure(datasets.importFromDatasetRecords(fromRecords), noRecord)
    const fromPlayground = { datasetId, importDatasetFromPlaygroundRequest: { conversationIds: ['conv_1'] } }
    const unsupported = { status: 400, errorCode: 'FEATURE_NOT_SUPPORTED', says: 'no playground' }
    await expectFailure(datasets.importFromPlayground(fromPlayground), unsupported)
    const noTask = { status: 404, errorCode: 'DATASET_TASK_NOT_FOUND', says: noId }
    await expectFailure(datasets.fetchTask({ datasetId, taskId: noId }), noTask)
    const noDataset = { status: 404, errorCode: 'DATASET_NOT_FOUND', says: noId }
    await expectFailure(datasets.listTasks({ datasetId: noId }), noDataset)
  })
})

function noFile(id: string) {
  return { status: 404, errorCode: null, says: `There is no file ${id}` }
}
