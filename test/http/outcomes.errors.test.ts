import { describe, expect, it } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'
import type { ScriptedModel } from '../support/scripted-model.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const good = { messages: [{ role: 'user', content: 'Hi' }] }

/** What is told of a judge with this change, whose model says this. */
async function refusal(change: object, script?: Parameters<ScriptedModel['script']>[0]): Promise<unknown> {
  const { call, model } = await startTestAssize()
  const { body: judge } = await call('POST', path, { body: { ...approval, ...change } })
  if (script !== undefined) model.script(script)
  const answer = await call('POST', `${path}/${judge.id}/live-judging`, { body: good })
  if (script === undefined) expect(model.requests).toEqual([])
  return { status: answer.status, ...answer.body }
}

describe('a judge can not run with', () => {
  it('a tool that this server does not have', async () => {
    expect(await refusal({ tools: ['web_search', 'code'] })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "FEATURE_NOT_SUPPORTED",
          "message": "tools: this server does not have "web_search", "code"; it has no tools.",
        },
        "status": 400,
      }
    `)
  })

  it('a model that nobody serves', async () => {
    expect(await refusal({ model_name: 'nobody' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "No provider serves "nobody".",
        },
        "status": 400,
      }
    `)
  })

  it('a template that fails', async () => {
    expect(await refusal({ instructions: 'Is it\n{{ user_message|fine }}?' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "TEMPLATE_ERROR",
          "message": "instructions: line 2: unknown filter: filter fine is unknown.",
        },
        "status": 400,
      }
    `)
  })

  it('a template that never ends', async () => {
    expect(
      await refusal({
        instructions: '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}',
      }),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "TEMPLATE_ERROR",
          "message": "instructions: line 1: engine ran out of fuel.",
        },
        "status": 400,
      }
    `)
  })
})

describe('no answer comes of', () => {
  it('replies that can not be read', async () => {
    expect(await refusal({}, 'No idea.')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The model gave no valid answer after 2 repairs. The reply held no JSON object with an answer.",
        },
        "status": 502,
      }
    `)
  })

  it('replies with another answer', async () => {
    expect(await refusal({}, '{"analysis": "", "answer": "maybe"}')).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The model gave no valid answer after 2 repairs. The answer was "maybe", which is not exactly one of "approved", "rejected".",
        },
        "status": 502,
      }
    `)
  })

  it('replies that are cut', async () => {
    expect(await refusal({}, { text: '{"analysis": "so', finish: 'length' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The reply was cut at 4096 tokens.",
        },
        "status": 502,
      }
    `)
  })

  it('a refusal', async () => {
    expect(await refusal({}, { finish: 'refused' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The model refused to judge.",
        },
        "status": 502,
      }
    `)
  })

  it('a filter', async () => {
    expect(await refusal({}, { finish: 'filtered' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The provider's content filter stopped the reply.",
        },
        "status": 400,
      }
    `)
  })

  it('a prompt that is too long', async () => {
    expect(
      await refusal(
        {},
        new ModelFailure('context_overflow', 'The prompt has 9000 tokens; expected at most 8192.'),
      ),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The prompt has 9000 tokens; expected at most 8192.",
        },
        "status": 400,
      }
    `)
  })

  it('a provider that refuses', async () => {
    expect(
      await refusal({}, new ModelFailure('invalid_request', 'The provider refuses its key.')),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The provider refuses its key.",
        },
        "status": 400,
      }
    `)
  })

  it('a provider that fails', async () => {
    expect(
      await refusal({}, new ModelFailure('provider_failed', 'The provider answered 503, 4 times.')),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The provider answered 503, 4 times.",
        },
        "status": 502,
      }
    `)
  })

  it('a provider that limits the rate', async () => {
    expect(
      await refusal({}, new ModelFailure('rate_limited', 'The provider answered 429, 4 times.')),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_ERROR",
          "message": "The provider answered 429, 4 times.",
        },
        "status": 429,
      }
    `)
  })

  it('a deadline', async () => {
    expect(
      await refusal({}, new ModelFailure('timed_out', "The judgment's deadline passed.")),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_MISTRAL_API_TIMEOUT",
          "message": "The judgment's deadline passed.",
        },
        "status": 408,
      }
    `)
  })
})
