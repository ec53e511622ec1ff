import { describe, expect, it, vi } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

interface Line {
  readonly msg: string
  readonly reqId?: string
  readonly status?: number
  readonly level: number
}

function read(lines: readonly string[]): Line[] {
  return lines.map((line) => JSON.parse(line))
}

describe('the log', () => {
  it('has one line for each answer, under the id that the answer carries', async () => {
    const assize = await startTestAssize()
    const { body: judge } = await assize.call('POST', path, { body: approval })
    assize.logLines.length = 0
    const answers = [
      await assize.call('GET', path),
      await assize.call('GET', path, { key: false }),
      await assize.call('GET', '/nowhere'),
      await assize.call('POST', path, { body: '{' }),
      await assize.call('POST', path, { body: 'x'.repeat(assize.config.maxBodyBytes + 1) }),
      await assize.call('GET', `${path}/no-uuid`),
      await assize.call('PUT', `${path}/${judge.id}`, { body: approval }),
      await assize.call('GET', '/healthz'),
    ]
    const ids = answers.map(({ headers }) => headers['x-request-id'])
    expect(new Set(ids).size).toBe(answers.length)
    expect(ids.every((id) => typeof id === 'string' && id.length >= 8)).toBe(true)
    expect(read(assize.logLines)).toEqual(
      answers.map(({ status }, index) => expect.objectContaining({ reqId: ids[index], status })),
    )
  })

  it('holds no key, no text of a judge or a conversation, and no secret of a provider', async () => {
    const assize = await startTestAssize()
    const secret = 'zebra'
    const body = { ...approval, description: secret, instructions: `${secret} {{ properties.a.b.c }}` }
    const { body: judge } = await assize.call('POST', path, { body })
    const live = `${path}/${judge.id}/live-judging`
    const conversation = { messages: [{ role: 'user', content: secret }], properties: { secret } }
    const cause = new Error(`401 from https://user:${secret}@host, Authorization: Bearer ${secret}`)
    for (const said of [
      `{"analysis": "${secret}", "answer": "approved"}`,
      `{"analysis": "${secret}", "answer": "${secret}"}`,
      `${secret}`,
      { text: secret, finish: 'length' } as const,
      new ModelFailure('provider_failed', `The provider failed: ${secret}`, { cause }),
      new ModelFailure('invalid_request', `The provider refused: ${secret}`, { cause }),
    ]) {
      assize.model.script(said)
      await assize.call('POST', live, { body: conversation })
    }
    await assize.call('POST', live, { body: { messages: [{ role: secret }] } })
    await assize.call('POST', live, { body: `{"messages": "${secret}", ` })
    await assize.call('GET', `${path}?q=${secret}&type_filter=${secret}`)
    await assize.call('POST', path, { body })
    await assize.call('GET', path, { key: secret })
    await assize.call('GET', `/${secret}`, { headers: { cookie: secret, 'x-api-key': secret } })
    const all = assize.logLines.join('')
    expect(assize.logLines.length).toBeGreaterThan(12)
    expect(all).not.toContain(secret)
    expect(all).not.toContain(assize.key)
    expect(all).not.toContain(assize.key.slice(8))
    expect(all.toLowerCase()).not.toContain('authorization')
  })

  it('has what an answer of 500 keeps to itself', async () => {
    const assize = await startTestAssize()
    const detail = { detail: 'Failing row contains (zebra)', code: '23505' }
    vi.spyOn(assize.assize.judges, 'list').mockRejectedValue(Object.assign(new Error('it broke'), detail))
    const answer = await assize.call('GET', path)
    expect(answer.status).toBe(500)
    expect(answer.body).toEqual({
      detail: {
        message: `Something went wrong on this server; its log has more under request ${answer.headers['x-request-id']}.`,
        error_code: 'UNKNOWN_ERROR',
      },
    })
    const [failed, answered] = read(assize.logLines).slice(-2)
    expect(failed).toMatchObject({
      level: 50,
      reqId: answer.headers['x-request-id'],
      situation: 'unknown',
      trace: { code: '23505', stack: expect.stringContaining('it broke') },
    })
    expect(answered).toMatchObject({ level: 30, status: 500 })
    expect(assize.logLines.join('')).not.toContain('zebra')
  })
})
