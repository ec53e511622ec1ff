import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
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
    const { url, key, call } = await startListeningAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    const folder = await mkdtemp(join(tmpdir(), 'assize-schemathesis-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'schemathesis.toml'), knownJudge(judge.id))
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
  }, 240_000)
})

/** Makes the requests to judge be about a judge that is there: a random id leads nowhere. */
function knownJudge(id: string): string {
  return `[[operations]]\ninclude-operation-id = "judgeConversation"\nparameters = { judge_id = "${id}" }\n`
}
