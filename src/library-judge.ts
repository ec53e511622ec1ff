import type { SharedJudging } from './assize-library.ts'
import { AssizeError } from './errors.ts'
import type { Definition } from './judges/definition.ts'
import { type Material, mostSamples } from './judging/judging.ts'
import type { FlaggedJudgment } from './judging/judgment.ts'
import { costOf } from './judging/price.ts'
import { unjudged } from './judging/unjudged.ts'
import { inOrder } from './library-in-order.ts'
import type { Judgment } from './library-judgment.ts'

/** Chat messages as Mistral's or OpenAI's API writes them, alone or with what is known beside them. */
export type Conversation =
  | readonly object[]
  | {
      readonly messages: readonly object[]
      readonly properties?: Readonly<Record<string, unknown>> | null
    }

export interface JudgingOptions {
  /** Judgments to make into one by their majority, or their mean: 1 to 32. Given, the distribution is told too. */
  readonly samples?: number
  /** Once it is aborted, what is under way rejects with its reason. */
  readonly signal?: AbortSignal
}

export interface JudgingManyOptions extends JudgingOptions {
  /** Judgments at once, 1 to 10,000; 16 unless given. A provider's own limit holds beside it. */
  readonly concurrency?: number
}

/** A conversation, whatever stands in it, with what a judge says of it. */
export interface Judged<Item extends Conversation, Answer extends string | number = string | number> {
  readonly conversation: Item
  readonly judgment: Judgment<Answer>
}

export interface Judge<Answer extends string | number = string | number> extends AsyncDisposable {
  /**
   * Judges a conversation. What a model or a provider does is an outcome and no error.
   * @throws AssizeError `conversation_invalid`, `template_failed`, `tool_not_served`, `request_invalid`; the signal's
   *   reason
   */
  (conversation: Conversation, options?: JudgingOptions): Promise<Judgment<Answer>>
  readonly definition: Definition
  /**
   * Judges many conversations, several at once, and gives them in their order. They are taken as they are needed, so
   * that there may be more than memory has room for. One that is no conversation, or for which the instructions can't
   * be rendered, has the outcome `invalid_request`; other errors come after what was before them, and end it.
   * @example for await (const { conversation, judgment } of judge.over(records)) save(conversation.id, judgment.answer)
   */
  over<Item extends Conversation>(
    conversations: Iterable<Item> | AsyncIterable<Item>,
    options?: JudgingManyOptions,
  ): AsyncGenerator<Judged<Item, Answer>, void, undefined>
}

/** A judge over what it shares with others, which is closed with it. */
export function judgeOver<Answer extends string | number>(
  definition: Definition,
  shared: SharedJudging,
): Judge<Answer> {
  const models = shared.findModels(definition.modelName)
  let isClosed = false

  async function judge(
    conversation: Conversation,
    { samples, signal = new AbortController().signal }: JudgingOptions = {},
  ): Promise<Judgment<Answer>> {
    if (isClosed) throw new AssizeError('request_invalid', 'This judge was disposed of; make another one.')
    if (samples !== undefined) checkCount('samples', samples, mostSamples)
    signal.throwIfAborted()
    const material = materialOf(conversation)
    const wanted = samples === undefined ? undefined : { samples, wantsDistribution: true }
    const judgment = await shared.judgeMaterial(definition, material, signal, wanted)
    return withCost(judgment)
  }

  function withCost(judgment: FlaggedJudgment): Judgment<Answer> {
    // An answer is read by the output, from which its type was made.
    return { ...judgment, cost: costOf(judgment, shared.priceOf) } as Judgment<Answer>
  }

  async function judgeOne(conversation: Conversation, options: JudgingOptions): Promise<Judgment<Answer>> {
    try {
      return await judge(conversation, options)
    } catch (error) {
      const isOfIt = error instanceof AssizeError && ofOneConversation.includes(error.situation)
      if (isOfIt) return withCost(unjudged(error.message, models[0]))
      throw error
    }
  }

  function over<Item extends Conversation>(
    conversations: Iterable<Item> | AsyncIterable<Item>,
    { concurrency = 16, signal: given, ...options }: JudgingManyOptions = {},
  ): AsyncGenerator<Judged<Item, Answer>, void, undefined> {
    checkCount('concurrency', concurrency, 10_000)
    return inOrder(conversations, concurrency, async (conversation, abandoned) => {
      const signal = given === undefined ? abandoned : AbortSignal.any([given, abandoned])
      return { conversation, judgment: await judgeOne(conversation, { ...options, signal }) }
    })
  }

  const close = async (): Promise<void> => {
    isClosed = true
    await shared[Symbol.asyncDispose]()
  }
  return Object.assign(judge, { definition, over, [Symbol.asyncDispose]: close })
}

const ofOneConversation: readonly string[] = ['conversation_invalid', 'template_failed']

function materialOf(conversation: Conversation): Material {
  const given = Array.isArray(conversation) ? { messages: conversation } : conversation
  if (typeof given === 'object' && given !== null && Array.isArray((given as Partial<Material>).messages))
    return given as Material
  throw new AssizeError(
    'conversation_invalid',
    'The conversation is none; expected an array of messages, or an object with messages.',
  )
}

function checkCount(name: string, count: number, most: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= most) return
  const expected = `a whole number from 1 to ${most}`
  throw new AssizeError('request_invalid', `${name} is ${String(count)}; expected ${expected}.`)
}
