import { describe, expect, it } from 'vitest'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const scale = { min: 1, min_description: 'bad', max: 5, max_description: 'good' }

/** What a request with this change to a good definition is told. */
async function refusal(change: object): Promise<unknown> {
  const { call } = await startTestAssize()
  const created = await call('POST', path, { body: { ...approval, ...change } })
  const { body: judge } = await call('POST', path, { body: { ...approval, name: 'Another' } })
  const updated = await call('PUT', `${path}/${judge.id}`, { body: { ...approval, ...change } })
  expect(updated).toMatchObject({ status: created.status, body: created.body })
  return { status: created.status, ...created.body }
}

/** What is told, with ids that are the same in each run. */
async function told(answer: Promise<{ status: number; body: unknown }>): Promise<unknown> {
  const { status, body } = await answer
  const text = JSON.stringify(body).replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
  return { status, ...JSON.parse(text) }
}

describe('a definition is refused, created or updated, for', () => {
  it('a name that is missing', async () => {
    expect(await refusal({ name: undefined })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected string, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('a name that is too short', async () => {
    expect(await refusal({ name: 'Four' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected 5 to 50 characters, found "Four".",
        },
        "status": 422,
      }
    `)
  })

  it('a name that is too long', async () => {
    expect(await refusal({ name: 'n'.repeat(51) })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected 5 to 50 characters, found 51 characters.",
        },
        "status": 422,
      }
    `)
  })

  it('a name of another type', async () => {
    expect(await refusal({ name: 5 })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected string, found 5.",
        },
        "status": 422,
      }
    `)
  })

  it('a name that is null', async () => {
    expect(await refusal({ name: null })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected string, found null.",
        },
        "status": 422,
      }
    `)
  })

  it('a name with U+0000', async () => {
    expect(await refusal({ name: 'a\0bcde' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected text without the character U+0000, found "a\\u0000bcde".",
        },
        "status": 422,
      }
    `)
  })

  it('a name with half a surrogate pair', async () => {
    expect(await refusal({ name: 'abcde\ud800' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected well-formed Unicode, found half of a surrogate pair.",
        },
        "status": 422,
      }
    `)
  })

  it('a description that is too long', async () => {
    expect(await refusal({ description: 'd'.repeat(501) })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "description: expected at most 500 characters, found 501 characters.",
        },
        "status": 422,
      }
    `)
  })

  it('a description that is null', async () => {
    expect(await refusal({ description: null })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "description: expected string, found null.",
        },
        "status": 422,
      }
    `)
  })

  it('a model name that is empty', async () => {
    expect(await refusal({ model_name: '' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "model_name: expected 1 to 500 characters, found "".",
        },
        "status": 422,
      }
    `)
  })

  it('a model name that is too long', async () => {
    expect(await refusal({ model_name: 'm'.repeat(501) })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "model_name: expected 1 to 500 characters, found 501 characters.",
        },
        "status": 422,
      }
    `)
  })

  it('instructions that are empty', async () => {
    expect(await refusal({ instructions: '' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "instructions: expected 1 to 10,000 characters, found "".",
        },
        "status": 422,
      }
    `)
  })

  it('instructions that are too long', async () => {
    expect(await refusal({ instructions: 'i'.repeat(10_001) })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "instructions: expected 1 to 10,000 characters, found 10,001 characters.",
        },
        "status": 422,
      }
    `)
  })

  it('tools that are missing', async () => {
    expect(await refusal({ tools: undefined })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "tools: expected array, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('tools that are no array', async () => {
    expect(await refusal({ tools: 'web_search' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "tools: expected array, found "web_search".",
        },
        "status": 422,
      }
    `)
  })

  it('a tool that is no string', async () => {
    expect(await refusal({ tools: ['a', { name: 'b' }] })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "tools[1]: expected string, found an object.",
        },
        "status": 422,
      }
    `)
  })

  it('several faults', async () => {
    expect(
      await refusal({ name: 'x', description: undefined, tools: [1], output: { ...scale, min: 9 } }),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "name: expected 5 to 50 characters, found "x". description: expected string, found nothing. output.max: expected a number over min, which is 9, found 5. tools[0]: expected string, found 1.",
        },
        "status": 422,
      }
    `)
  })

  it('instructions that are no template', async () => {
    expect(await refusal({ instructions: 'Is it\n{{ fine?' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "TEMPLATE_SYNTAX_ERROR",
          "message": "instructions: line 2: unexpected character.",
        },
        "status": 400,
      }
    `)
    expect(await refusal({ instructions: '{% for x in y %}' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "TEMPLATE_SYNTAX_ERROR",
          "message": "instructions: line 1: unexpected end of input, expected end of block.",
        },
        "status": 400,
      }
    `)
    expect(await refusal({ instructions: '\n\n{% nothing %}' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "TEMPLATE_SYNTAX_ERROR",
          "message": "instructions: line 3: unknown statement nothing.",
        },
        "status": 400,
      }
    `)
  })
})

describe('a judge', () => {
  it('that is not there', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(await told(call('GET', `${path}/00000000-0000-0000-0000-000000000000`))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_NOT_FOUND",
          "message": "There is no judge UUID in this workspace.",
        },
        "status": 404,
      }
    `)
  })

  it('whose id is no UUID', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(await told(call('GET', `${path}/first`))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "judge_id: expected a UUID, found "first".",
        },
        "status": 422,
      }
    `)
  })

  it('whose id is no UUID, when it is changed', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(await told(call('PUT', `${path}/first`, { body: approval }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "judge_id: expected a UUID, found "first".",
        },
        "status": 422,
      }
    `)
  })

  it('whose name is taken', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(await told(call('POST', path, { body: approval }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_NAME_ALREADY_EXISTS",
          "message": "name: another judge of this workspace is called "Approval"; expected a name of its own.",
        },
        "status": 409,
      }
    `)
  })

  it('that did not change', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(await told(call('PUT', `${path}/${judge.id}`, { body: approval }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_DID_NOT_CHANGE",
          "message": "Judge UUID has this definition already; nothing was changed.",
        },
        "status": 409,
      }
    `)
  })

  it('of a fixed revision, when it is changed', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(
      await told(call('PUT', `${path}/${judge.base_revision}`, { body: { ...approval, name: 'Changed' } })),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": null,
          "message": "UUID is a revision of judge UUID, and revisions never change; expected the judge's id.",
        },
        "status": 409,
      }
    `)
  })

  it('of a fixed revision, when it is deleted', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(await told(call('DELETE', `${path}/${judge.base_revision}`))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": null,
          "message": "UUID is a revision of judge UUID, and revisions never change; expected the judge's id.",
        },
        "status": 409,
      }
    `)
  })

  it('that changed in the meantime', async () => {
    const { call } = await startTestAssize()
    const { body: judge } = await call('POST', path, { body: approval })
    expect(judge.id).toBeDefined()
    expect(
      await told(call('DELETE', `${path}/${judge.id}`, { headers: { 'if-match': '"old"' } })),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": null,
          "message": "If-Match does not match: the latest revision of judge UUID is UUID. Read the judge again, then repeat the change.",
        },
        "status": 412,
      }
    `)
  })
})
