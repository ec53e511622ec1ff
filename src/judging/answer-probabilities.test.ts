import { describe, expect, it } from 'vitest'
import type { Output } from '../judges/definition.ts'
import { distributionOfReply } from './answer-probabilities.ts'
import type { ModelReply, ReplyToken } from './model.ts'

function optionsOf(...values: string[]): Output {
  return { type: 'CLASSIFICATION', options: values.map((value) => ({ value, description: value })) }
}
const scale: Output = { type: 'REGRESSION', min: 1, minDescription: 'bad', max: 5, maxDescription: 'good' }

type Alternatives = Readonly<Record<string, number>> | readonly (readonly [string, number])[]

/** A token that is certain, or the first of what could have stood there. */
function token(said: string | Alternatives): ReplyToken {
  const alternatives = entriesOf(said)
  return {
    text: alternatives[0]?.[0] ?? '',
    alternatives: alternatives.map(([text, probability]) => ({ text, probability })),
  }
}

function entriesOf(said: string | Alternatives): readonly (readonly [string, number])[] {
  if (typeof said === 'string') return [[said, 1]]
  return Array.isArray(said) ? said : Object.entries(said)
}

function replyOf(...tokens: (string | Alternatives)[]): ModelReply {
  const read = tokens.map(token)
  return {
    text: read.map(({ text }) => text).join(''),
    finish: 'stop',
    enforcement: 'json_schema',
    usage: { inputTokens: 1, outputTokens: 1 },
    attempts: 1,
    tokens: read,
  }
}

function sharesOf(reply: ModelReply, answer: string, output: Output): Record<string, number> | undefined {
  const distribution = distributionOfReply(reply, answer, output)
  return distribution?.type === 'CLASSIFICATION' ? Object.fromEntries(distribution.shares) : undefined
}

const opening = [
  '{"',
  'analysis',
  '":',
  ' "',
  'The \\"',
  'answer',
  '\\": \\"no',
  '\\"',
  '",',
  ' "',
  'answer',
  '":',
]

describe('the shares of options', () => {
  it('are those of the tokens where the answer stands, renormalised', () => {
    const reply = replyOf('{"analysis": "It is.", "answer": "', { yes: 0.6, no: 0.2, maybe: 0.2 }, '"}')
    expect(sharesOf(reply, 'yes', optionsOf('yes', 'no'))).toEqual({
      yes: expect.closeTo(0.75, 12),
      no: expect.closeTo(0.25, 12),
    })
  })

  it('are never read from an answer that the analysis speaks of', () => {
    const reply = replyOf(
      '{"analysis": "\\"answer\\": ',
      { no: 0.5, yes: 0.5 },
      '", "answer": "',
      { yes: 0.9, no: 0.1 },
      '"}',
    )
    expect(sharesOf(reply, 'yes', optionsOf('yes', 'no'))).toEqual({
      yes: expect.closeTo(0.9, 12),
      no: expect.closeTo(0.1, 12),
    })
  })

  it('add up the ways to write an option', () => {
    const reply = replyOf(
      '{"analysis": "", "answer":',
      { ' "': 0.5, ' "y': 0.3, ' "no': 0.2 },
      { yes: 0.5, no: 0.25, Yes: 0.25 },
      '"}',
    )
    expect(sharesOf(reply, 'yes', optionsOf('yes', 'no'))).toEqual({
      yes: expect.closeTo(0.5 * 0.75 + 0.3, 12),
      no: expect.closeTo(0.5 * 0.25 + 0.2, 12),
    })
  })

  it('follow options that begin alike to where they part', () => {
    const reply = replyOf(
      '{"analysis": "", "answer": "',
      { full_: 0.8, partial: 0.2 },
      { refusal: 0.75, compliance: 0.25 },
      '"}',
    )
    const output = optionsOf('full_compliance', 'full_refusal', 'partial_refusal')
    expect(sharesOf(reply, 'full_refusal', output)).toEqual({
      full_compliance: expect.closeTo(0.2, 12),
      full_refusal: expect.closeTo(0.6, 12),
      partial_refusal: expect.closeTo(0.2, 12),
    })
  })

  it('tell an option from one that it begins with', () => {
    const reply = replyOf('{"analysis": "", "answer": "', 'no', { '"': 0.9, ' answer': 0.1 }, '}')
    expect(sharesOf(reply, 'no', optionsOf('no', 'no answer'))).toEqual({
      no: expect.closeTo(0.9, 12),
      'no answer': expect.closeTo(0.1, 12),
    })
  })

  it('are not known where what could become several of them weighs too much', () => {
    const reply = replyOf('{"analysis": "", "answer": "', { yes: 0.6, no: 0.4 }, '"}')
    expect(sharesOf(reply, 'yes', optionsOf('yes', 'no', 'not sure'))).toBeUndefined()
  })

  it('are not known where too little is listed', () => {
    const reply = replyOf('{"analysis": "", "answer": "', { yes: 0.6, no: 0.2 }, '"}')
    expect(sharesOf(reply, 'yes', optionsOf('yes', 'no'))).toBeUndefined()
  })

  it('are not known of a reply that is more than one object, or has no tokens', () => {
    const prose = replyOf('So: ', '{"analysis": "", "answer": "', { yes: 0.6, no: 0.4 }, '"}')
    expect(sharesOf(prose, 'yes', optionsOf('yes', 'no'))).toBeUndefined()
    const { tokens: _, ...silent } = replyOf('{"answer": "yes"}')
    expect(sharesOf(silent, 'yes', optionsOf('yes', 'no'))).toBeUndefined()
  })

  it('are the model’s own where it weighs every option', () => {
    const optionProbabilities = new Map([
      ['no', 0.125],
      ['yes', 0.875],
    ])
    expect(sharesOf({ ...replyOf(''), optionProbabilities }, 'yes', optionsOf('yes', 'no'))).toEqual({
      yes: 0.875,
      no: 0.125,
    })
  })

  it('are found behind an analysis that is written in many tokens', () => {
    expect(
      sharesOf(replyOf(...opening, ' "', { yes: 0.9, no: 0.1 }, '"}'), 'yes', optionsOf('yes', 'no')),
    ).toEqual({
      yes: expect.closeTo(0.9, 12),
      no: expect.closeTo(0.1, 12),
    })
  })
})

describe('the distribution of a number', () => {
  it('has the mean of the whole numbers that its one token could have been', () => {
    const reply = replyOf(
      '{"analysis": "", "answer": ',
      [
        ['4', 0.5],
        ['5', 0.25],
        ['3', 0.25],
      ],
      '}',
    )
    expect(distributionOfReply(reply, 4, scale)).toEqual({
      type: 'REGRESSION',
      mean: expect.closeTo(4, 12),
      standardDeviation: expect.closeTo(Math.sqrt(0.5), 12),
      method: 'token_probabilities',
    })
  })

  it('leaves out what is no number of the scale', () => {
    const reply = replyOf('{"analysis": "", "answer":', { ' 4': 0.5, ' 9': 0.25, ' "': 0.05, ' 2': 0.2 }, '}')
    expect(distributionOfReply(reply, 4, scale)).toMatchObject({
      mean: expect.closeTo((4 * 0.5 + 2 * 0.2) / 0.7, 12),
    })
  })

  it('is not known where the number could go on', () => {
    const reply = replyOf(
      '{"analysis": "", "answer": ',
      [
        ['4', 0.6],
        ['5', 0.4],
      ],
      { '}': 0.9, '.': 0.1 },
    )
    expect(distributionOfReply(reply, 4, scale)).toBeUndefined()
    const long = replyOf('{"analysis": "", "answer": ', '4', '.', '5', '}')
    expect(distributionOfReply(long, 4.5, scale)).toBeUndefined()
  })
})
