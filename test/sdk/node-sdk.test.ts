import type { Judge } from '@mistralai/mistralai/models/components'
import { describe, expect, it } from 'vitest'
import { startListeningAssize } from './listening-assize.ts'
import { approval, clientOf, conversation, definition, helpfulness } from './node-client.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

async function start() {
  const assize = await startListeningAssize()
  const { beta, models } = clientOf(assize)
  return { assize, judges: beta.observability.judges, models }
}

describe('the Node SDK', () => {
  it('creates a judge of each output and fetches it', async () => {
    const { judges } = await start()
    for (const request of [approval, helpfulness]) {
      const created = await judges.create(definition(request))
      expect(created).toEqual({
        ...request,
        id: expect.stringMatching(uuid),
        createdAt: expect.any(Date),
        updatedAt: expect.any(Date),
        deletedAt: null,
        ownerId: expect.stringMatching(uuid),
        workspaceId: expect.stringMatching(uuid),
        baseRevision: expect.stringMatching(uuid),
        downRevision: null,
        upRevision: null,
      } satisfies Record<keyof Judge, unknown>)
      expect(await judges.fetch({ judgeId: created.id })).toEqual(created)
    }
  })

  it('fills in the range from 0 to 1', async () => {
    const { judges } = await start()
    const output = { type: 'REGRESSION', minDescription: 'no', maxDescription: 'yes' } as const
    const { id } = await judges.create(definition({ output }))
    expect((await judges.fetch({ judgeId: id })).output).toEqual({ ...output, min: 0, max: 1 })
  })

  it('updates a judge, which keeps the revision before', async () => {
    const { judges, assize } = await start()
    const first = await judges.create(definition())
    assize.advance(1000)
    const changed = definition({ instructions: 'Is it really fine?', tools: ['web_search'] })
    expect(await judges.update({ judgeId: first.id, updateJudgeRequest: changed })).toBeUndefined()
    const second = await judges.fetch({ judgeId: first.id })
    expect(second).toMatchObject({
      ...changed,
      id: first.id,
      baseRevision: first.baseRevision,
      downRevision: first.baseRevision,
      createdAt: first.createdAt,
      updatedAt: new Date(first.createdAt.getTime() + 1000),
    })
    const pinned = await judges.fetch({ judgeId: String(first.baseRevision) })
    expect(pinned.instructions).toBe(approval.instructions)
    expect(pinned.upRevision).toMatch(uuid)
  })

  it('deletes a judge', async () => {
    const { judges } = await start()
    const { id } = await judges.create(definition())
    expect(await judges.delete({ judgeId: id })).toBeUndefined()
    await expect(judges.fetch({ judgeId: id })).rejects.toMatchObject({ statusCode: 404 })
    expect(await judges.list()).toEqual({
      judges: { results: [], count: 0, next: null, previous: null },
    })
  })

  it('lists with every filter, alone and together', async () => {
    const { judges } = await start()
    for (const request of [
      approval,
      helpfulness,
      { ...helpfulness, name: '100% sure', modelName: 'doubts' },
    ]) {
      await judges.create(definition(request))
    }
    const namesOf = async (query: Parameters<typeof judges.list>[0]) =>
      (await judges.list(query)).judges.results?.map(({ name }) => name)
    expect(await namesOf({})).toEqual(['100% sure', 'Helpfulness', 'Approval'])
    expect(await namesOf({ q: 'HELP' })).toEqual(['Helpfulness'])
    expect(await namesOf({ q: '%' })).toEqual(['100% sure'])
    expect(await namesOf({ typeFilter: ['CLASSIFICATION'] })).toEqual(['Approval'])
    expect(await namesOf({ typeFilter: ['CLASSIFICATION', 'REGRESSION'] })).toHaveLength(3)
    expect(await namesOf({ modelFilter: ['approves', 'doubts'] })).toEqual(['100% sure', 'Approval'])
    expect(await namesOf({ modelFilter: ['approves'], typeFilter: ['REGRESSION'] })).toEqual([])
    expect(await namesOf({ q: null, modelFilter: null, typeFilter: null, page: 2, pageSize: 2 })).toEqual([
      'Approval',
    ])
  })

  it('turns the pages of a list', async () => {
    const { judges, assize } = await start()
    for (let index = 0; index < 5; index += 1) await judges.create(definition({ name: `Judge ${index}` }))
    const first = (await judges.list({ pageSize: 2 })).judges
    expect(first).toMatchObject({ count: 5, previous: null, next: expect.any(String) })
    expect(new URL(String(first.next), assize.url).searchParams.get('page')).toBe('2')
    const last = (await judges.list({ pageSize: 2, page: 3 })).judges
    expect(last).toMatchObject({ count: 5, next: null, previous: expect.any(String) })
    expect(last.results?.map(({ name }) => name)).toEqual(['Judge 0'])
    expect((await judges.list({ pageSize: 0 })).judges).toMatchObject({ results: [], count: 5 })
  })

  it('judges a conversation with each output, by a judge and by a revision', async () => {
    const { judges } = await start()
    const run = (judgeId: string, properties?: Record<string, unknown> | null) =>
      judges.judgeConversation({ judgeId, judgeConversationRequest: { ...conversation, properties } })
    const classification = await judges.create(definition())
    expect(await run(classification.id)).toEqual({ analysis: 'It is as scripted.', answer: 'approved' })
    expect(await run(String(classification.baseRevision), { source: 'a text' })).toMatchObject({
      answer: 'approved',
    })
    const regression = await judges.create(definition(helpfulness))
    expect(await run(regression.id, null)).toEqual({ analysis: 'It is as scripted.', answer: 3 })
  })

  it('lists models', async () => {
    const { models } = await start()
    const listed = await models.list()
    expect(listed.data).toEqual([
      expect.objectContaining({ type: 'base', id: 'scripted', ownedBy: 'tests', object: 'model' }),
    ])
  })
})
