import { describe, expect, it } from 'vitest'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const lint = `${path}/lint`

describe('linting a definition', () => {
  it('lists what is likely wrong, with its place', async () => {
    const { call } = await startTestAssize()
    const body = { ...approval, instructions: 'Is it fine?\nAnswer yes or no.\n{{ response }}' }
    const { status, body: answer } = await call('POST', lint, { body })
    expect(status).toBe(200)
    expect(answer).toEqual({
      findings: [
        {
          code: 'labels_differ',
          severity: 'warning',
          path: 'instructions',
          line: 2,
          message:
            'The instructions ask for "yes", "no", but the answer is one of "approved", "rejected"; make them the same.',
        },
        {
          code: 'unknown_variable',
          severity: 'warning',
          path: 'instructions',
          line: 3,
          message:
            'There is no variable response, so that it renders as nothing; did you mean assistant_message.',
        },
        {
          code: 'no_way_out',
          severity: 'hint',
          path: 'output.options',
          line: null,
          message: expect.any(String),
        },
      ],
    })
  })

  it('finds nothing in a good one, and saves and asks nothing', async () => {
    const { call, model } = await startTestAssize()
    const body = {
      ...approval,
      output: { min_description: 'Of no use.', max_description: 'All that is needed.' },
    }
    expect((await call('POST', lint, { body })).body).toEqual({ findings: [] })
    expect((await call('GET', path)).body.judges.count).toBe(0)
    expect(model.requests).toEqual([])
  })

  it('works for a viewer, and for a judge that is saved already', async () => {
    const { call, keyOf } = await startTestAssize()
    await call('POST', path, { body: approval })
    const key = await keyOf('viewer')
    expect(await call('POST', lint, { key, body: approval })).toMatchObject({ status: 200 })
  })

  it.each([
    ['no definition', {}, 422, 'VALIDATION_ERROR', /name/],
    ['a name that is too short', { ...approval, name: 'Four' }, 422, 'VALIDATION_ERROR', /5 to 50/],
    [
      'a broken template',
      { ...approval, instructions: 'Fine?\n{{ oh' },
      400,
      'TEMPLATE_SYNTAX_ERROR',
      /line 2/,
    ],
  ])('refuses %s as saving does', async (_, body, status, code, message) => {
    const { call } = await startTestAssize()
    const [linted, saved] = [await call('POST', lint, { body }), await call('POST', path, { body })]
    expect(linted).toMatchObject({ status, body: { detail: { error_code: code } } })
    expect(linted.body.detail.message).toMatch(message)
    expect(linted.body).toEqual(saved.body)
  })
})
