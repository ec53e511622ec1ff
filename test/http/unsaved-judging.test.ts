import { describe, expect, it } from 'vitest'
import { judgeTemplates } from '../../src/judges/judge-templates.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const messages = [
  { role: 'user', content: 'May I?' },
  { role: 'assistant', content: 'Yes {{ user_message }}.' },
]

describe('a preview', () => {
  it('shows the prompt that the model would read', async () => {
    const { call, model } = await startTestAssize()
    const judge_definition = { ...approval, instructions: 'Look: {{ assistant_message }}' }
    const { status, body } = await call('POST', `${path}/preview`, { body: { judge_definition, messages } })
    expect(status).toBe(200)
    expect(model.requests).toEqual([])
    model.script({ text: '{"analysis":"a","answer":"approved"}' })
    await call('POST', `${path}/try`, { body: { judge_definition, messages } })
    const codeless = (text: string): string => text.replaceAll(/[0-9a-f]{32}/g, 'CODE')
    const sent = model.requests[0]?.messages.map(({ role, content }) => ({
      role,
      content: codeless(content),
    }))
    const shown = body.messages.map((one: { role: string; content: string }) => ({
      ...one,
      content: codeless(one.content),
    }))
    expect(shown).toEqual(sent)
    expect(shown[1].content).toContain('Yes {{ user_message }}.')
  })

  it('has a fence of its own each time', async () => {
    const { call } = await startTestAssize()
    const body = { judge_definition: approval, messages }
    const [one, other] = [
      await call('POST', `${path}/preview`, { body }),
      await call('POST', `${path}/preview`, { body }),
    ]
    expect(one.body).not.toEqual(other.body)
  })

  it.each([
    [{ judge_definition: { ...approval, instructions: 'a\n{% if %}' }, messages }, 400, /line 2/],
    [{ judge_definition: { ...approval, instructions: '{{ nothing() }}' }, messages }, 400, /line 1/],
    [{ judge_definition: approval, messages: [] }, 422, /messages is empty/],
    [{ judge_definition: { ...approval, name: '' }, messages }, 422, /judge_definition\.name/],
  ])('tells what is wrong with %j', async (body, status, says) => {
    const { call } = await startTestAssize()
    const answer = await call('POST', `${path}/preview`, { body })
    expect(answer.status).toBe(status)
    expect(answer.body.detail.message).toMatch(says)
  })
})

describe('a try', () => {
  it('judges by what is not saved, and keeps nothing', async () => {
    const { call, model } = await startTestAssize()
    model.script({ text: '{"analysis":"It allows it.","answer":"approved"}' })
    const body = {
      judge_definition: { ...approval, instructions: 'Is it allowed?' },
      messages,
      include: ['details'],
    }
    const answer = await call('POST', `${path}/try`, { body })
    expect(answer.body).toMatchObject({
      answer: 'approved',
      details: { judgment_id: null, revision_id: null },
    })
    expect((await call('GET', path)).body.judges.count).toBe(0)
  })

  it('asks as often as it is told to', async () => {
    const { call, model } = await startTestAssize()
    model.script(...Array.from({ length: 3 }, () => ({ text: '{"analysis":"a","answer":"approved"}' })))
    const { body } = await call('POST', `${path}/try`, {
      body: { judge_definition: approval, messages, samples: 3 },
    })
    expect(body.poll).toMatchObject({ asked: 3 })
  })
})

describe('every template', () => {
  it('can be previewed with its example, and saved once it has a model', async () => {
    const { call } = await startTestAssize()
    const { templates } = (await call('GET', '/v1/observability/judge-templates')).body
    expect(templates).toHaveLength(judgeTemplates.length)
    for (const { definition, example, id } of templates) {
      const judge_definition = { ...definition, model_name: 'm' }
      const preview = await call('POST', `${path}/preview`, { body: { judge_definition, ...example } })
      expect(preview.status, id).toBe(200)
      expect((await call('POST', path, { body: judge_definition })).status, id).toBe(201)
    }
  })
})
