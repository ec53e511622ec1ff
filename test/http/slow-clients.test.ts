import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/storage/open-database.ts'
import { addRecords, createDataset, datasetsPath, payloadOf } from '../support/datasets.ts'
import { startTestAssize } from '../support/test-assize.ts'

const judges = '/v1/observability/judges'
const clientTimeoutMs = 500
/** A second for the last words, and some for the machine. */
const goneWithinMs = clientTimeoutMs + 4000

async function start() {
  const started = await startTestAssize({ config: { clientTimeoutMs } })
  await started.assize.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = started.assize.server.addresses()[0] as { port: number }
  return { ...started, port }
}

/** A client that does nothing by itself but connect. */
async function connectTo(port: number): Promise<{ socket: Socket; said: () => string; gone: Promise<void> }> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return { socket, said: () => text, gone }
}

const headOf = (method: string, path: string, key: string, more: readonly string[] = []) =>
  [`${method} ${path} HTTP/1.1`, 'host: a', `authorization: Bearer ${key}`, ...more, '', ''].join('\r\n')

async function within(ms: number, what: Promise<void>): Promise<boolean> {
  const tooLate = new AbortController()
  const late = delay(ms, false, { signal: tooLate.signal }).catch(() => false)
  const isInTime = await Promise.race([what.then(() => true), late])
  tooLate.abort()
  return isInTime
}

describe('a slow client', () => {
  it('that sends its body byte by byte is told so and let go, and others are served meanwhile', async () => {
    const { port, key, call } = await start()
    const { socket, said, gone } = await connectTo(port)
    socket.write(headOf('POST', judges, key, ['content-type: application/json', 'content-length: 5000']))
    const dripping = setInterval(() => socket.writable && socket.write(' '), 20)
    onTestFinished(() => clearInterval(dripping))
    expect((await call('GET', judges)).status).toBe(200)
    expect(await within(goneWithinMs, gone)).toBe(true)
    expect(said()).toMatch(/^HTTP\/1\.1 422 .*did not come to its end in time/s)
  })

  it('that stops in an upload is let go with what had come, one that goes on slowly is not', async () => {
    const { port, key, assize, config } = await start()
    const head = headOf('POST', '/v1/files', key, [
      'content-type: multipart/form-data; boundary=x',
      'transfer-encoding: chunked',
    ])
    const part = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    const [stalled, steady] = [await connectTo(port), await connectTo(port)]
    for (const { socket } of [stalled, steady]) socket.write(head + chunk(part) + chunk('y'.repeat(300_000)))
    const goingOn = (async () => {
      for (let step = 0; step < 12; step++) {
        await delay(clientTimeoutMs / 4)
        steady.socket.write(chunk('z'))
      }
      steady.socket.write(`${chunk('\r\n--x--\r\n')}0\r\n\r\n`)
    })()
    expect(await within(goneWithinMs, stalled.gone)).toBe(true)
    await goingOn
    await expect.poll(steady.said).toMatch(/^HTTP\/1\.1 200 /)
    await using database = await openDatabase(config.database)
    const whole = await database.kysely
      .selectFrom('files')
      .select('size_bytes')
      .where('is_whole', '=', 1)
      .execute()
    expect(whole).toEqual([{ size_bytes: 300_012 }])
    const inPart = database.kysely.selectFrom('files').select('id').where('is_whole', '=', 0)
    await expect.poll(() => inPart.execute(), { timeout: 5000 }).toEqual([])
    expect(assize.server.server.listening).toBe(true)
  })

  it('that does not read an export is let go, having cost little memory', async () => {
    const { port, key, call, config, logLines } = await start()
    const dataset = await createDataset({ call })
    await fill(config.database, dataset.id, 400)
    const { socket, gone } = await connectTo(port)
    socket.pause()
    const before = process.memoryUsage()
    socket.write(headOf('GET', `${datasetsPath}/${dataset.id}/exports/records.jsonl`, key))
    let most = 0
    const watching = setInterval(() => {
      const { arrayBuffers, heapUsed } = process.memoryUsage()
      most = Math.max(most, arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed)
    }, 20)
    onTestFinished(() => clearInterval(watching))
    await expect.poll(() => logLines.join(''), { timeout: goneWithinMs }).toContain('did not read its answer')
    // The dataset is 80 MB.
    expect(most).toBeLessThan(40e6)
    socket.resume()
    expect(await within(goneWithinMs, gone)).toBe(true)
    expect((await call('GET', judges)).status).toBe(200)
  })

  it('is nobody who waits for a judgment', async () => {
    const { port, key, call, model } = await start()
    const output = { type: 'CLASSIFICATION', options: [{ value: 'yes', description: 'It does.' }] }
    const about = { name: 'Slowly', description: '', model_name: 'm', instructions: 'x', tools: [] }
    const { body: judge } = await call('POST', judges, { body: { ...about, output } })
    model.script(async () => {
      await delay(3 * clientTimeoutMs)
      return { text: '{"analysis": "a", "answer": "yes"}' }
    })
    const { socket, said } = await connectTo(port)
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] })
    const more = ['content-type: application/json', `content-length: ${body.length}`]
    socket.write(headOf('POST', `${judges}/${judge.id}/live-judging`, key, more) + body)
    await expect.poll(said, { timeout: goneWithinMs }).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('is nobody who watches a run of which there is nothing to tell', async () => {
    const { port, key, call } = await start()
    const output = { type: 'CLASSIFICATION', options: [{ value: 'yes', description: 'It does.' }] }
    const about = { name: 'Slowly', description: '', model_name: 'm', instructions: 'x', tools: [] }
    const { body: judge } = await call('POST', judges, { body: { ...about, output } })
    const dataset = await createDataset({ call })
    await addRecords({ call }, dataset.id, ['One'])
    const runs = '/v1/observability/runs'
    // Nobody works on it.
    const { body: run } = await call('POST', runs, { body: { judge_id: judge.id, dataset_id: dataset.id } })
    const { socket, said } = await connectTo(port)
    socket.write(headOf('GET', `${runs}/${run.id}/events`, key))
    await expect.poll(said).toContain('event: progress')
    await delay(3 * clientTimeoutMs)
    expect(socket.destroyed).toBe(false)
    expect((await call('POST', `${runs}/${run.id}/cancel`)).status).toBeLessThan(300)
    await expect.poll(said, { timeout: 5000 }).toContain('"cancelled"')
  })
})

/** Records of 200 kB each, straight into the database. */
async function fill(location: Parameters<typeof openDatabase>[0], datasetId: string, records: number) {
  await using database = await openDatabase(location)
  const payload = JSON.stringify(payloadOf('y'.repeat(200_000)))
  await sql`
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${records})
    insert into dataset_records (id, dataset_id, payload, properties, source, created_at_ms, updated_at_ms)
    select printf('00000000-0000-7000-8000-%012d', n), ${datasetId}, ${payload}, '{}', 'DIRECT_INPUT', 0, 0
    from numbers`.execute(database.kysely)
}
