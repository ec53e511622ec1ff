import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgmentCsvHeader, judgmentCsvLine } from './judgment-csv.ts'
import type { JudgmentDocument } from './judgment-document.ts'

const document: JudgmentDocument = {
  id: 'j',
  judge_id: 'u',
  revision_id: 'r',
  run_id: 'n',
  item_number: 3,
  record_id: 'c',
  created_at: '2026-03-01T12:00:00.000Z',
  outcome: 'answered',
  answer: 0.30000000000000004,
  analysis: 'So "it" is, or not.\r\nIt is.',
  reason: null,
  distribution: { yes: 0.75, no: 0.25 },
  distribution_method: 'samples',
  agreement: 0.75,
  flags: ['asks_judge'] as unknown as JudgmentDocument['flags'],
  provider: 'p',
  model_name: 'm',
  enforcement: null,
  left_out: [],
  attempts: 1,
  latency_ms: 1.5,
  input_tokens: 10,
  output_tokens: 5,
  cost: null,
  tool_calls: [],
  votes: null,
}

function read(...documents: readonly JudgmentDocument[]): Record<string, string>[] {
  const text = judgmentCsvHeader + documents.map(judgmentCsvLine).join('')
  return parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[]
}

describe('CSV', () => {
  it('has all of a judgment, each in a column of its own', () => {
    const [row = {}] = read(document)
    expect(Object.keys(row).sort()).toEqual(Object.keys(document).sort())
    expect(row).toMatchObject({
      item_number: '3',
      answer: '0.30000000000000004',
      analysis: document.analysis,
      reason: '',
      distribution: '{"yes":0.75,"no":0.25}',
      flags: '["asks_judge"]',
      cost: '',
      votes: '',
    })
  })

  it('is read as it was written, whatever stands in a text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (texts) => {
        const rows = read(...texts.map((text) => ({ ...document, answer: text, model_name: text })))
        expect(rows.map(({ answer }) => answer)).toEqual(texts)
        expect(rows.map(({ model_name }) => model_name)).toEqual(texts)
      }),
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('makes no formula of %j', (text) => {
    const [row] = read({ ...document, analysis: text, reason: text })
    expect(row).toMatchObject({ analysis: `'${text}`, reason: `'${text}` })
  })

  it('leaves answers as they are: whoever wrote the judge chose them', () => {
    expect(read({ ...document, answer: '-' })[0]).toMatchObject({ answer: '-' })
  })
})
