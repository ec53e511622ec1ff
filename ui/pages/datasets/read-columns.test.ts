import { describe, expect, it } from 'vitest'
import { guessMapping, readShape } from './read-columns.ts'

describe('the shape of a file', () => {
  it.each([
    ['a.csv', 'question,"the, answer",label\nx,y,z', ['question', 'the, answer', 'label']],
    ['a.TSV', 'question\tanswer\nx\ty', ['question', 'answer']],
    ['a.jsonl', '\n{"question": "x", "answer": "y"}\n{"quest', ['question', 'answer']],
    ['a.json', '[{"q": 1}, {"q": 2}]', ['q']],
  ])('of %s is its columns', (name, text, columns) => {
    expect(readShape(name, text)).toEqual({ kind: 'columns', columns })
  })

  it.each([
    ['a.jsonl', '{"messages": []}\n'],
    ['a.ndjson', '{"payload": {"messages": []}}\n'],
    ['a.json', '[{"messages": []}]'],
  ])('of %s with messages needs no mapping', (name, text) => {
    expect(readShape(name, text)).toEqual({ kind: 'conversations' })
  })

  it.each([
    ['a.parquet', 'PAR1'],
    ['a.jsonl.gz', '\u001f'],
    ['a.json', '[{"cut": "he'],
    ['a.jsonl', 'no json'],
  ])('of %s is told by the server', (name, text) => {
    expect(readShape(name, text)).toBeUndefined()
  })
})

it('guesses what columns are by their names', () => {
  expect(guessMapping(['id', 'Question', 'Answer', 'language'])).toEqual({
    input: 'Question',
    output: 'Answer',
  })
})
