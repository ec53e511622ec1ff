import { describe, expect, it } from 'vitest'
import { path, startTestAssize } from '../support/test-assize.ts'

async function refusal(query: string): Promise<unknown> {
  const { call } = await startTestAssize()
  const { status, body } = await call('GET', `${path}?${query}`)
  return { status, ...body }
}

describe('a list is refused for', () => {
  it('a page of 0', async () => {
    expect(await refusal('page=0')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page: expected one whole number from 1, found "0".",
        },
        "status": 422,
      }
    `)
  })

  it('a page that is no number', async () => {
    expect(await refusal('page=last')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page: expected one whole number from 1, found "last".",
        },
        "status": 422,
      }
    `)
  })

  it('an empty page', async () => {
    expect(await refusal('page=')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page: expected one whole number from 1, found "".",
        },
        "status": 422,
      }
    `)
  })

  it('a page of a fraction', async () => {
    expect(await refusal('page=1.5')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page: expected one whole number from 1, found "1.5".",
        },
        "status": 422,
      }
    `)
  })

  it('a page beyond all counting', async () => {
    expect(await refusal('page=1000000000')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page: expected one whole number from 1, found "1000000000".",
        },
        "status": 422,
      }
    `)
  })

  it('two pages', async () => {
    expect(await refusal('page=1&page=2')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page: expected one whole number from 1, found an array.",
        },
        "status": 422,
      }
    `)
  })

  it('a page_size under 0', async () => {
    expect(await refusal('page_size=-1')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page_size: expected one whole number from 0 to 100, found "-1".",
        },
        "status": 422,
      }
    `)
  })

  it('a page_size over 100', async () => {
    expect(await refusal('page_size=101')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page_size: expected one whole number from 0 to 100, found "101".",
        },
        "status": 422,
      }
    `)
  })

  it('an unknown type', async () => {
    expect(await refusal('type_filter=RANKING')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "type_filter[0]: expected one of "CLASSIFICATION", "REGRESSION", found "RANKING".",
        },
        "status": 422,
      }
    `)
  })

  it('an unknown type among others', async () => {
    expect(await refusal('type_filter=REGRESSION&type_filter=regression')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "type_filter[1]: expected one of "CLASSIFICATION", "REGRESSION", found "regression".",
        },
        "status": 422,
      }
    `)
  })

  it('an empty model', async () => {
    expect(await refusal('model_filter=')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "model_filter[0]: expected 1 to 500 characters, found "".",
        },
        "status": 422,
      }
    `)
  })

  it('a model that is too long', async () => {
    expect(await refusal(`model_filter=${'m'.repeat(501)}`)).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "model_filter[0]: expected 1 to 500 characters, found 501 characters.",
        },
        "status": 422,
      }
    `)
  })

  it('too many models', async () => {
    expect(
      await refusal(Array.from({ length: 101 }, (_, index) => `model_filter=${index}`).join('&')),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "model_filter: expected at most 100 values, found more.",
        },
        "status": 422,
      }
    `)
  })

  it('two searches', async () => {
    expect(await refusal('q=a&q=b')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "q: expected string, found an array.",
        },
        "status": 422,
      }
    `)
  })

  it('a search that is too long', async () => {
    expect(await refusal(`q=${'q'.repeat(1001)}`)).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "q: expected at most 1,000 characters, found 1,001 characters.",
        },
        "status": 422,
      }
    `)
  })

  it('a search for U+0000', async () => {
    expect(await refusal('q=%00')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "q: expected text without the character U+0000, found "\\u0000".",
        },
        "status": 422,
      }
    `)
  })

  it('several faults', async () => {
    expect(await refusal('page=0&page_size=x&type_filter=y')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "page: expected one whole number from 1, found "0". page_size: expected one whole number from 0 to 100, found "x". type_filter[0]: expected one of "CLASSIFICATION", "REGRESSION", found "y".",
        },
        "status": 422,
      }
    `)
  })
})

it('a list of revisions is refused for the same pages', async () => {
  const { call } = await startTestAssize()
  const { status, body } = await call('GET', `${path}/first/revisions?page=0`)
  expect({ status, ...body }).toMatchInlineSnapshot(`
    {
      "detail": {
        "error_code": "VALIDATION_ERROR",
        "message": "judge_id: expected a UUID, found "first".",
      },
      "status": 422,
    }
  `)
})
