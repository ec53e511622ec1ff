import { describe, expect, it } from 'vitest'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const scale = { min: 1, min_description: 'bad', max: 5, max_description: 'good' }

/** What a request with this output in a good definition is told. */
async function refusal(change: { output: unknown }): Promise<unknown> {
  const { call } = await startTestAssize()
  const created = await call('POST', path, { body: { ...approval, ...change } })
  const { body: judge } = await call('POST', path, { body: { ...approval, name: 'Another' } })
  const updated = await call('PUT', `${path}/${judge.id}`, { body: { ...approval, ...change } })
  expect(updated).toMatchObject({ status: created.status, body: created.body })
  return { status: created.status, ...created.body }
}

describe('a definition is refused for', () => {
  it('an output that is missing', async () => {
    expect(await refusal({ output: undefined })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output: expected object, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('an output that is null', async () => {
    expect(await refusal({ output: null })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output: expected object, found null.",
        },
        "status": 422,
      }
    `)
  })

  it('an output that is no object', async () => {
    expect(await refusal({ output: 'CLASSIFICATION' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output: expected object, found "CLASSIFICATION".",
        },
        "status": 422,
      }
    `)
  })

  it('an output that is empty', async () => {
    expect(await refusal({ output: {} })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.type: expected "CLASSIFICATION" with options, or "REGRESSION" with min_description and max_description, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('an output of an unknown type', async () => {
    expect(await refusal({ output: { ...approval.output, type: 'RANKING' } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.type: expected "CLASSIFICATION" with options, or "REGRESSION" with min_description and max_description, found "RANKING".",
        },
        "status": 422,
      }
    `)
  })

  it('a type that contradicts the fields', async () => {
    expect(
      await refusal({ output: { type: 'REGRESSION', options: approval.output.options } }),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.min_description: expected string, found nothing. output.max_description: expected string, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('no options', async () => {
    expect(await refusal({ output: { options: [] } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.options: expected at least one option, found an empty array.",
        },
        "status": 422,
      }
    `)
  })

  it('options that are no array', async () => {
    expect(await refusal({ output: { type: 'CLASSIFICATION', options: 'yes' } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.options: expected array, found "yes".",
        },
        "status": 422,
      }
    `)
  })

  it('an option without a description', async () => {
    expect(await refusal({ output: { options: [{ value: 'yes' }] } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.options[0].description: expected string, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('an option without a value', async () => {
    expect(await refusal({ output: { options: [{ description: 'yes' }] } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.options[0].value: expected string, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('an option with an empty value', async () => {
    expect(
      await refusal({ output: { options: [{ value: '', description: 'yes' }] } }),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.options[0].value: expected 1 to 500 characters, found "".",
        },
        "status": 422,
      }
    `)
  })

  it('an option that is no object', async () => {
    expect(await refusal({ output: { options: ['yes'] } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.options[0]: expected object, found "yes".",
        },
        "status": 422,
      }
    `)
  })

  it('two options of one value', async () => {
    expect(
      await refusal({
        output: {
          options: [
            { value: 'yes', description: 'a' },
            { value: 'yes', description: 'b' },
          ],
        },
      }),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.options[1].value: expected distinct values, found "yes" twice.",
        },
        "status": 422,
      }
    `)
  })

  it('a scale that goes nowhere', async () => {
    expect(await refusal({ output: { ...scale, min: 5 } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.max: expected a number over min, which is 5, found 5.",
        },
        "status": 422,
      }
    `)
  })

  it('a scale from over the default max', async () => {
    expect(await refusal({ output: { ...scale, min: 2, max: undefined } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.max: expected a number over min, which is 2, found 1.",
        },
        "status": 422,
      }
    `)
  })

  it('a min under 0', async () => {
    expect(await refusal({ output: { ...scale, min: -1 } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.min: expected a number from 0, found -1.",
        },
        "status": 422,
      }
    `)
  })

  it('a max that is too large', async () => {
    expect(await refusal({ output: { ...scale, max: 1e9 } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.max: expected a number under 1,000,000,000, found 1000000000.",
        },
        "status": 422,
      }
    `)
  })

  it('a min that is no number', async () => {
    expect(await refusal({ output: { ...scale, min: '1' } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.min: expected number, found "1".",
        },
        "status": 422,
      }
    `)
  })

  it('a max that is null', async () => {
    expect(await refusal({ output: { ...scale, max: null } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.max: expected number, found null.",
        },
        "status": 422,
      }
    `)
  })

  it('a scale that does not say what its max means', async () => {
    expect(await refusal({ output: { ...scale, max_description: undefined } })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "output.max_description: expected string, found nothing.",
        },
        "status": 422,
      }
    `)
  })
})
