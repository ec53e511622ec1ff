import { describe, expect, it } from 'vitest'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const good = { messages: [{ role: 'user', content: 'Hi' }] }

/** What a caller with this body is told. */
async function refusal(body: unknown): Promise<unknown> {
  const { call, model } = await startTestAssize()
  const { body: judge } = await call('POST', path, { body: approval })
  const answer = await call('POST', `${path}/${judge.id}/live-judging`, { body })
  expect(model.requests).toEqual([])
  return { status: answer.status, ...answer.body }
}

/** One good message, and one that says this. */
function second(message: unknown): object {
  return { messages: [...good.messages, message] }
}

describe('a body is refused for', () => {
  it('no messages', async () => {
    expect(await refusal({})).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "messages: expected array, found nothing.",
        },
        "status": 422,
      }
    `)
  })

  it('messages that are no array', async () => {
    expect(await refusal({ messages: 'Hi' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "messages: expected array, found "Hi".",
        },
        "status": 422,
      }
    `)
  })

  it('messages that are null', async () => {
    expect(await refusal({ messages: null })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "messages: expected array, found null.",
        },
        "status": 422,
      }
    `)
  })

  it('properties that are an array', async () => {
    expect(await refusal({ ...good, properties: [] })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "properties: expected object, found an empty array.",
        },
        "status": 422,
      }
    `)
  })

  it('properties that are text', async () => {
    expect(await refusal({ ...good, properties: 'x' })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "properties: expected object, found "x".",
        },
        "status": 422,
      }
    `)
  })

  it('being an array', async () => {
    expect(await refusal([])).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "VALIDATION_ERROR",
          "message": "The body: expected object, found an empty array.",
        },
        "status": 422,
      }
    `)
  })
})

describe('a conversation is refused for', () => {
  it('an empty list', async () => {
    expect(await refusal({ messages: [] })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages is empty; expected at least one message.",
        },
        "status": 422,
      }
    `)
  })

  it('a message that is an array', async () => {
    expect(await refusal({ messages: [[null]] })).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[0] is an array; expected an object with a role and content.",
        },
        "status": 422,
      }
    `)
  })

  it('a message that is null', async () => {
    expect(await refusal(second(null))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1] is null; expected an object with a role and content.",
        },
        "status": 422,
      }
    `)
  })

  it('a message that is text', async () => {
    expect(await refusal(second('Hi'))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1] is a string; expected an object with a role and content.",
        },
        "status": 422,
      }
    `)
  })

  it('a role that is missing', async () => {
    expect(await refusal(second({ content: 'Hi' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].role is missing; expected one of system, developer, user, assistant, tool, function.",
        },
        "status": 422,
      }
    `)
  })

  it('a role that is unknown', async () => {
    expect(await refusal(second({ role: 'judge', content: 'Hi' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].role is "judge"; expected one of system, developer, user, assistant, tool, function.",
        },
        "status": 422,
      }
    `)
  })

  it('a role that is no text', async () => {
    expect(await refusal(second({ role: ['user'], content: 'Hi' }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].role is ["user"]; expected one of system, developer, user, assistant, tool, function.",
        },
        "status": 422,
      }
    `)
  })

  it('content that is a number', async () => {
    expect(await refusal(second({ role: 'user', content: 5 }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].content is a number; expected a string, null or an array of chunks.",
        },
        "status": 422,
      }
    `)
  })

  it('content that is an object', async () => {
    expect(await refusal(second({ role: 'user', content: { text: 'Hi' } }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].content is an object; expected a string, null or an array of chunks.",
        },
        "status": 422,
      }
    `)
  })

  it('a chunk that is a number', async () => {
    expect(
      await refusal(second({ role: 'user', content: [{ type: 'text', text: 'Hi' }, 5] })),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].content[1] is a number; expected a chunk, which is an object with a type.",
        },
        "status": 422,
      }
    `)
  })

  it('a chunk of an unknown type', async () => {
    expect(await refusal(second({ role: 'user', content: [{ type: 'hologram' }] }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].content[0].type is "hologram"; expected one of text, input_text, output_text, refusal, thinking, reasoning, image_url, input_image, document_url, file, input_file, reference, tool_reference, input_audio, audio_url, video_url.",
        },
        "status": 422,
      }
    `)
  })

  it('a chunk without a type', async () => {
    expect(await refusal(second({ role: 'user', content: [{ image_url: 'x' }] }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].content[0].type is missing; expected one of text, input_text, output_text, refusal, thinking, reasoning, image_url, input_image, document_url, file, input_file, reference, tool_reference, input_audio, audio_url, video_url.",
        },
        "status": 422,
      }
    `)
  })

  it('a chunk without its content', async () => {
    expect(await refusal(second({ role: 'user', content: [{ type: 'text' }] }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].content[0] has no content of its type "text"; expected a field with it.",
        },
        "status": 422,
      }
    `)
  })

  it('tool calls that are no array', async () => {
    expect(await refusal(second({ role: 'assistant', tool_calls: {} }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].tool_calls is an object; expected an array or null.",
        },
        "status": 422,
      }
    `)
  })

  it('a tool call without a function', async () => {
    expect(await refusal(second({ role: 'assistant', tool_calls: [{ id: 'x' }] }))).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[1].tool_calls[0] has no function with a name; expected {"function": {"name": ..., "arguments": ...}}.",
        },
        "status": 422,
      }
    `)
  })

  it('material that nests too deep', async () => {
    expect(
      await refusal(`{"messages": [{"role": "user", "x": ${'['.repeat(5000)}${']'.repeat(5000)}}]}`),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "messages[0] nests too deep; expected at most 100 levels.",
        },
        "status": 422,
      }
    `)
  })

  it('properties that nest too deep', async () => {
    expect(
      await refusal(
        `{"messages": [{"role": "user"}], "properties": {"x": ${'['.repeat(5000)}${']'.repeat(5000)}}}`,
      ),
    ).toMatchInlineSnapshot(`
      {
        "detail": {
          "error_code": "JUDGE_CONVERSATION_FORMAT_ERROR",
          "message": "properties nests too deep; expected at most 100 levels.",
        },
        "status": 422,
      }
    `)
  })
})
