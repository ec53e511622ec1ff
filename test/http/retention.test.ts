import { expect, it } from 'vitest'
import { createAssize } from '../../src/assize.ts'
import { createLog } from '../../src/log.ts'
import { startImporting } from '../support/importing.ts'
import { servedModels } from '../support/scripted-model.ts'

const dayMs = 86_400_000
const line = '{"messages": [{"role": "user", "content": "Hi"}]}\n'
const start = Date.UTC(2026, 0, 2, 3, 4, 5)

/** A server with an ended import, a file, a dead key and a link, as a process that starts so many days later leaves it. */
async function leftAfter(days: number, retention: Parameters<typeof createAssize>[0]['retention']) {
  const { assize, call, config, model, datasetPath, importBody, uploadFile, ended } = await startImporting()
  assize.goOnWithImports()
  const taskId = (await ended(await importBody(line, 'application/jsonl'))).id
  const file = await uploadFile(line)
  const link = (await call('GET', `${datasetPath}/exports/to-jsonl`)).body.file_url as string
  const about = { role: 'viewer', workspaceName: 'default', ownerName: 'tester' } as const
  await assize.keys.create({ ...about, name: 'expires', expiresAt: new Date(start + dayMs) })
  const lines: string[] = []
  await using _ = await createAssize(
    { ...config, retention },
    {
      models: servedModels(model),
      log: createLog('info', { write: (line: string) => lines.push(line) }),
      now: () => new Date(start + days * dayMs),
    },
  )
  await expect.poll(() => lines.join('')).toMatch(/"count":\d+,"msg":"deleted the expired links/)
  const { pathname, search } = new URL(link)
  return {
    task: (await call('GET', `${datasetPath}/tasks/${taskId}`)).status,
    file: (await call('GET', `/v1/files/${file.body.id}`)).status,
    records: (await call('GET', `${datasetPath}/records`)).body.records.count,
    keys: (await assize.keys.list('default')).map(({ name }) => name),
    link: (await call('GET', pathname + search, { key: false })).status,
    told: lines
      .join('')
      .match(/deleted the [a-z ]+ that/g)
      ?.sort(),
  }
}

it('deletes by itself what the settings say was kept long enough', async () => {
  const retention = { importsMs: 30 * dayMs, unusedFilesMs: 30 * dayMs, deadKeysMs: 30 * dayMs }
  expect(await leftAfter(32, retention)).toEqual({
    task: 404,
    file: 404,
    records: 1,
    keys: ['first key'],
    link: 404,
    told: [
      'deleted the dead keys that',
      'deleted the expired links that',
      'deleted the imports that',
      'deleted the unused files that',
    ],
  })
})

it('keeps what they do not say', async () => {
  expect(await leftAfter(1000, {})).toMatchObject({
    task: 200,
    file: 200,
    records: 1,
    keys: ['expires', 'first key'],
    told: ['deleted the expired links that'],
  })
})
