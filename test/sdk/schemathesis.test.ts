import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileForm } from '../http/endpoints.ts'
import { addRecords, createDataset } from '../support/datasets.ts'
import { approval, path } from '../support/test-assize.ts'
import { startListeningAssize } from './listening-assize.ts'
import { runPython, whyNoPython } from './python-environment.ts'

const reason = whyNoPython('schemathesis')

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
]

describe.skipIf(reason !== undefined)(`the OpenAPI document${reason ? ` (${reason})` : ''}`, () => {
  it('is true of every answer to requests that follow it and to requests that break it', async () => {
    const assize = await startListeningAssize()
    const { url, key, call } = assize
    const { body: judge } = await call('POST', path, { body: approval })
    const dataset = await createDataset(assize)
    const [record] = await addRecords(assize, dataset.id, ['What is the capital of France?'])
    const { body: file } = await call('POST', '/v1/files', {
      headers: { 'content-type': fileForm.type },
      body: fileForm.body,
    })
    const folder = await mkdtemp(join(tmpdir(), 'assize-schemathesis-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'schemathesis.toml'), knownThings(judge.id, dataset.id, record.id, file.id))
    const options = [
      ...['--header', `Authorization: Bearer ${key}`],
      ...['--checks', checks.join(',')],
      ...['--max-examples', '30', '--generation-deterministic'],
      ...['--continue-on-failure', '--no-color'],
    ]
    const { exitCode, output } = await runPython(
      [
        '-c',
        'from schemathesis.cli import schemathesis; schemathesis()',
        'run',
        `${url}/openapi.json`,
        ...options,
      ],
      { folder },
    )
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(/Selected: \d{2,}/)
  }, 600_000)
})

/** Makes requests be about what is there, where a random id leads nowhere. */
function knownThings(judgeId: string, datasetId: string, recordId: string, fileId: string): string {
  const known = {
    [`judge_id = "${judgeId}"`]: ['judgeConversation'],
    [`dataset_id = "${datasetId}"`]: [
      'createRecord',
      'listRecords',
      'exportToJsonl',
      'downloadRecords',
      'importFromFile',
      'importFromDataset',
      'importFromPlayground',
      'importUpload',
      'listTasks',
    ],
    [`file_id = "${fileId}"`]: ['fetchFile', 'getFileUrl', 'downloadFile'],
    [`dataset_record_id = "${recordId}"`]: [
      'fetchRecord',
      'judgeRecord',
      'updateRecordPayload',
      'updateRecordProperties',
    ],
  }
  return Object.entries(known)
    .flatMap(([parameter, operations]) =>
      operations.map(
        (operation) =>
          `[[operations]]\ninclude-operation-id = "${operation}"\nparameters = { ${parameter} }\n`,
      ),
    )
    .join('\n')
}
