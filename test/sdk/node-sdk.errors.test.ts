import type { CreateJudgeRequest } from '@mistralai/mistralai/models/components'
import { describe, it } from 'vitest'
import { type ExpectedFailure, expectFailure } from './expect-failure.ts'
import { type ListeningAssize, startListeningAssize } from './listening-assize.ts'
import { clientOf, conversation, type DeepReadonly, definition } from './node-client.ts'

const unknownId = '019b2bd7-96e7-7219-8c0b-45a73da50088'

/** Judges one conversation by a new judge. */
async function judgeBy(assize: ListeningAssize, changes: DeepReadonly<Partial<CreateJudgeRequest>>) {
  const { judges } = clientOf(assize).beta.observability
  const { id } = await judges.create(definition(changes))
  return judges.judgeConversation({ judgeId: id, judgeConversationRequest: conversation })
}

interface Failure extends ExpectedFailure {
  readonly when: string
  readonly act: (assize: ListeningAssize) => Promise<unknown>
}

const failures: readonly Failure[] = [
  ...(['revoked', 'expired'] as const).map((state) => ({
    when: `the key is ${state}`,
    status: 401,
    errorCode: 'AUTH_UNAUTHORIZED',
    says: state,
    act: (assize: ListeningAssize) => clientOf(assize, assize.keys[state]).beta.observability.judges.list(),
  })),
  {
    when: 'the key is unknown',
    status: 401,
    errorCode: 'AUTH_UNAUTHORIZED',
    says: 'not known',
    act: (assize) => clientOf(assize, 'another-key-of-someone').beta.observability.judges.list(),
  },
  {
    when: "the key's role may not do this",
    status: 403,
    errorCode: 'AUTH_FORBIDDEN',
    says: 'viewer',
    act: (assize) => clientOf(assize, assize.keys.viewer).beta.observability.judges.create(definition()),
  },
  {
    when: 'a field is out of bounds',
    status: 422,
    errorCode: 'VALIDATION_ERROR',
    says: 'name',
    act: (assize) => clientOf(assize).beta.observability.judges.create(definition({ name: 'abcd' })),
  },
  {
    when: 'a query is out of bounds',
    status: 422,
    errorCode: 'VALIDATION_ERROR',
    says: 'page_size',
    act: (assize) => clientOf(assize).beta.observability.judges.list({ pageSize: 101 }),
  },
  {
    when: 'an id is no UUID',
    status: 422,
    errorCode: 'VALIDATION_ERROR',
    says: 'judge_id',
    act: (assize) => clientOf(assize).beta.observability.judges.fetch({ judgeId: 'my-judge' }),
  },
  {
    when: 'the body is too large',
    status: 413,
    errorCode: 'VALIDATION_ERROR',
    says: '65536',
    act: (assize) =>
      clientOf(assize).beta.observability.judges.create(definition({ description: 'x'.repeat(70_000) })),
  },
  {
    when: 'instructions are no template',
    status: 400,
    errorCode: 'TEMPLATE_SYNTAX_ERROR',
    says: 'line 2',
    act: (assize) =>
      clientOf(assize).beta.observability.judges.create(definition({ instructions: 'Fine?\n{% if %}' })),
  },
  {
    when: 'the template fails while rendering',
    status: 400,
    errorCode: 'TEMPLATE_ERROR',
    says: 'instructions',
    act: (assize) =>
      judgeBy(assize, {
        instructions: '{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}',
      }),
  },
  ...(['fetch', 'delete'] as const).map((method) => ({
    when: `there is no judge to ${method}`,
    status: 404,
    errorCode: 'JUDGE_NOT_FOUND',
    says: unknownId,
    act: (assize: ListeningAssize): Promise<unknown> =>
      clientOf(assize).beta.observability.judges[method]({ judgeId: unknownId }),
  })),
  {
    when: 'there is no judge to update',
    status: 404,
    errorCode: 'JUDGE_NOT_FOUND',
    says: unknownId,
    act: (assize) =>
      clientOf(assize).beta.observability.judges.update({
        judgeId: unknownId,
        updateJudgeRequest: definition(),
      }),
  },
  {
    when: 'the judge is of another workspace',
    status: 404,
    errorCode: 'JUDGE_NOT_FOUND',
    says: 'no judge',
    act: async (assize) => {
      const { id } = await clientOf(assize).beta.observability.judges.create(definition())
      const elsewhere = clientOf(assize, assize.keys.otherWorkspace)
      return elsewhere.beta.observability.judges.judgeConversation({
        judgeId: id,
        judgeConversationRequest: conversation,
      })
    },
  },
  {
    when: 'the name is taken',
    status: 409,
    errorCode: 'JUDGE_NAME_ALREADY_EXISTS',
    says: 'Approval',
    act: async (assize) => {
      const { judges } = clientOf(assize).beta.observability
      await judges.create(definition())
      return judges.create(definition({ instructions: 'Another.' }))
    },
  },
  {
    when: 'an update changes nothing',
    status: 409,
    errorCode: 'JUDGE_DID_NOT_CHANGE',
    says: 'nothing was changed',
    act: async (assize) => {
      const { judges } = clientOf(assize).beta.observability
      const { id } = await judges.create(definition())
      return judges.update({ judgeId: id, updateJudgeRequest: definition() })
    },
  },
  {
    when: 'a revision is deleted',
    status: 409,
    errorCode: null,
    says: 'revision',
    act: async (assize) => {
      const { judges } = clientOf(assize).beta.observability
      const { baseRevision } = await judges.create(definition())
      return judges.delete({ judgeId: String(baseRevision) })
    },
  },
  {
    when: 'messages are no conversation',
    status: 422,
    errorCode: 'JUDGE_CONVERSATION_FORMAT_ERROR',
    says: 'messages[1]',
    act: async (assize) => {
      const { judges } = clientOf(assize).beta.observability
      const { id } = await judges.create(definition())
      const messages = [...conversation.messages.slice(0, 1), { role: 'oracle', content: 'Paris.' }]
      return judges.judgeConversation({ judgeId: id, judgeConversationRequest: { messages } })
    },
  },
  {
    when: 'no provider serves the model',
    status: 400,
    errorCode: 'JUDGE_MISTRAL_API_ERROR',
    says: 'nobody-knows-it',
    act: (assize) => judgeBy(assize, { modelName: 'nobody-knows-it' }),
  },
  {
    when: 'the provider refuses the request',
    status: 400,
    errorCode: 'JUDGE_MISTRAL_API_ERROR',
    says: 'refused',
    act: (assize) => judgeBy(assize, { modelName: 'refuses-request' }),
  },
  {
    when: 'the judge names a tool that the server does not have',
    status: 400,
    errorCode: 'FEATURE_NOT_SUPPORTED',
    says: 'web_search',
    act: (assize) => judgeBy(assize, { tools: ['web_search'] }),
  },
  {
    when: 'the provider keeps failing',
    status: 502,
    errorCode: 'JUDGE_MISTRAL_API_ERROR',
    says: '500 four times',
    act: (assize) => judgeBy(assize, { modelName: 'keeps-failing' }),
  },
  {
    when: 'the model gives no valid answer',
    status: 502,
    errorCode: 'JUDGE_MISTRAL_API_ERROR',
    says: 'no valid answer',
    act: (assize) => judgeBy(assize, { modelName: 'talks-nonsense' }),
  },
  {
    when: 'the provider keeps rate-limiting',
    status: 429,
    errorCode: 'JUDGE_MISTRAL_API_ERROR',
    says: 'Too many requests',
    act: (assize) => judgeBy(assize, { modelName: 'limits-rate' }),
  },
  {
    when: "the judgment's deadline passed",
    status: 408,
    errorCode: 'JUDGE_MISTRAL_API_TIMEOUT',
    says: 'deadline',
    act: (assize) => judgeBy(assize, { modelName: 'never-answers' }),
  },
  {
    when: 'the database cannot be reached',
    status: 503,
    errorCode: 'DATABASE_UNAVAILABLE',
    says: 'database',
    act: (assize) => judgeBy(assize, { modelName: 'loses-the-database' }),
  },
  {
    when: 'the server fails by its own fault',
    status: 500,
    errorCode: 'UNKNOWN_ERROR',
    says: 'under request ',
    act: (assize) => judgeBy(assize, { modelName: 'breaks' }),
  },
]

describe("the Node SDK's errors", () => {
  for (const { when, act, ...expected } of failures) {
    it(`is ${expected.status} ${expected.errorCode} when ${when}`, async () => {
      await expectFailure(act(await startListeningAssize()), expected)
    })
  }
})
