import { describe, expect, it } from 'vitest'
import { readRunOptions } from './run-options.ts'

const least = ['--judge', 'judge.yaml', '--data', 'data.csv']

describe('the options of a run', () => {
  it('are as few as two', () => {
    expect(readRunOptions(least)).toEqual({
      judge: 'judge.yaml',
      data: 'data.csv',
      isResumed: false,
      retriesFailed: false,
      samples: 1,
      conditions: [],
      json: false,
    })
  })

  it('are read into numbers', () => {
    const args = [
      '--limit',
      '10',
      '--concurrency',
      '64',
      '--samples',
      '5',
      '--max-cost',
      '.5',
      '--max-tokens',
      '1000',
    ]
    expect(readRunOptions([...least, ...args])).toMatchObject({
      limit: 10,
      concurrency: 64,
      samples: 5,
      maxCost: 0.5,
      maxTokens: 1000,
    })
  })

  it('say which columns are what', () => {
    const map = [
      '--map',
      'input=question, asked,output=the answer',
      '--map',
      'json=tags,properties=tags,properties=a=b',
    ]
    expect(readRunOptions([...least, ...map]).mapping).toEqual({
      input: 'question, asked',
      output: 'the answer',
      json: ['tags'],
      properties: ['tags', 'a=b'],
    })
  })

  it('go on with a file also to retry', () => {
    expect(readRunOptions([...least, '--out', 'o.jsonl', '--retry-failed'])).toMatchObject({
      isResumed: true,
      retriesFailed: true,
    })
  })

  it.each([
    [['--judge', 'a.yaml'], 'run needs --judge and --data.'],
    [['--data', 'a.csv'], 'run needs --judge and --data.'],
    [['--judge', '-', '--data', 'a'], '--judge is -; expected a file'],
    [[...least, '--out', '-'], '--out is -; without --out, results go to standard output.'],
    [[...least, '--out', 'data.csv'], '--out and --data are the same file.'],
    [[...least, '--resume'], '--resume and --retry-failed need --out'],
    [[...least, '--json'], '--json needs --out'],
    [[...least, '--key-file', 'k'], '--key-file goes with --server.'],
    [[...least, '--server', 'http://x', '--workspace', 'w'], '--workspace is for a local database'],
    [[...least, '--limit', '0'], '--limit is "0"; expected a whole number from 1 to 1,000,000,000.'],
    [[...least, '--priority', 'high'], '--priority goes with --server, whose runs take turns.'],
    [
      [...least, '--server', 'http://localhost', '--priority', 'top'],
      '--priority is "top"; expected one of low, normal, high.',
    ],
    [[...least, '--concurrency', '1e3'], '--concurrency is "1e3"; expected a whole number from 1 to 1,000.'],
    [[...least, '--samples', '33'], '--samples is "33"; expected a whole number from 1 to 32.'],
    [[...least, '--max-cost', '0'], '--max-cost is "0"; expected a number over 0, like 2.50.'],
    [[...least, '--max-tokens', 'few'], '--max-tokens is "few"; expected a whole number'],
    [[...least, '--format', 'xml'], '--format is "xml"; expected one of jsonl, json, csv, tsv, parquet.'],
    [[...least, '--map', 'output=a'], '--map needs input=COLUMN'],
    [
      [...least, '--map', 'input=a,input=b'],
      '--map has "input=b"; expected input=COLUMN and, once each at most, context',
    ],
    [[...least, '--map', 'question=a'], '--map has "question=a"; expected input=COLUMN'],
    [[...least, '--map', 'input='], '--map has "input="; expected input=COLUMN'],
    [[...least, '--fail-if', 'mean'], '--fail-if "mean", character 5: expected one of >='],
  ])('%j are not understood', (args, message) => {
    expect(() => readRunOptions(args)).toThrow(message)
  })
})
