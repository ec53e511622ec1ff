import { expect, it } from 'vitest'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const absent = '00000000-0000-0000-0000-000000000000'

async function refusal(method: string, rest: string): Promise<unknown> {
  const { call } = await startTestAssize()
  const { body: judge } = await call('POST', path, { body: approval })
  const { status, body } = await call(method, `${path}/${judge.id}/judgments${rest}`)
  return { status, ...body.detail }
}

it('a list is refused for an unknown outcome', async () => {
  expect(await refusal('GET', '?outcome=answered&outcome=fine')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "outcome[1]: expected one of "answered", "unreadable", "undecided", "truncated", "refused", "filtered", "context_overflow", "rate_limited", "timed_out", "provider_failed", "tool_failed", "invalid_request", found "fine".",
      "status": 422,
    }
  `)
})

it('a list is refused for an empty answer', async () => {
  expect(await refusal('GET', '?answer=')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "answer[0]: expected 1 to 500 characters, found "".",
      "status": 422,
    }
  `)
})

it('a list is refused for a revision that is no id', async () => {
  expect(await refusal('GET', '?revision_id=latest')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "revision_id: expected a UUID, found "latest".",
      "status": 422,
    }
  `)
})

it('a list is refused for a time without its zone', async () => {
  expect(await refusal('GET', '?since=2026-01-01T00:00:00')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "since: expected a time with its zone, like 2026-03-01T12:00:00Z, found "2026-01-01T00:00:00".",
      "status": 422,
    }
  `)
})

it('a list is refused for a day in the place of a time', async () => {
  expect(await refusal('GET', '?before=2026-01-01')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "before: expected a time with its zone, like 2026-03-01T12:00:00Z, found "2026-01-01".",
      "status": 422,
    }
  `)
})

it('a list is refused for two times in the place of one', async () => {
  const time = '2026-01-01T00:00:00Z'
  expect(await refusal('GET', `?since=${time}&since=${time}`)).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "since: expected a time with its zone, like 2026-03-01T12:00:00Z, found an array.",
      "status": 422,
    }
  `)
})

it('a list of one revision is refused for another one', async () => {
  const { call } = await startTestAssize()
  const { body: judge } = await call('POST', path, { body: approval })
  const answer = await call('GET', `${path}/${judge.base_revision}/judgments?revision_id=${absent}`)
  expect(answer).toMatchObject({
    status: 422,
    body: {
      detail: {
        error_code: 'VALIDATION_ERROR',
        message: `revision_id: expected ${judge.base_revision}, the revision that the path names, or nothing, found ${absent}.`,
      },
    },
  })
})

it('a judgment is refused for what is no id', async () => {
  expect(await refusal('GET', '/last')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "judgment_id: expected a UUID, found "last".",
      "status": 422,
    }
  `)
})

it('a judgment that is not there is not found', async () => {
  const { call } = await startTestAssize()
  const { body: judge } = await call('POST', path, { body: approval })
  for (const method of ['GET', 'DELETE']) {
    expect(await call(method, `${path}/${judge.id}/judgments/${absent}`)).toMatchObject({
      status: 404,
      body: {
        detail: {
          error_code: null,
          message: `There is no judgment ${absent} of ${judge.id} here; those of runs are with their runs.`,
        },
      },
    })
  }
})

it('a deletion is refused without a time', async () => {
  expect(await refusal('DELETE', '')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "before: expected a time with its zone, like 2026-03-01T12:00:00Z, found nothing.",
      "status": 422,
    }
  `)
})

it('a deletion is refused for a time that there never was', async () => {
  expect(await refusal('DELETE', '?before=2026-02-30T00:00:00Z')).toMatchInlineSnapshot(`
    {
      "error_code": "VALIDATION_ERROR",
      "message": "before: expected a time with its zone, like 2026-03-01T12:00:00Z, found "2026-02-30T00:00:00Z".",
      "status": 422,
    }
  `)
})
