import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Io } from '../../src/cli/commands.ts'
import { type AskedOutput, askForLabel, readEntry } from '../../src/cli/label-entry.ts'
import { createTyping } from '../../src/cli/typing.ts'

const options: AskedOutput = {
  type: 'CLASSIFICATION',
  options: [
    { value: 'good', description: 'It helps.' },
    { value: 'bad', description: '\u001b[2Jhidden' },
  ],
}
const scale: AskedOutput = {
  type: 'REGRESSION',
  min: 1,
  min_description: 'not',
  max: 5,
  max_description: 'very',
}

/** Standard input and output, of a terminal or not. */
function createIo(isTTY: boolean): { io: Io; stdin: PassThrough; written: () => string; modes: boolean[] } {
  const modes: boolean[] = []
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: (mode: boolean) => modes.push(mode) })
  const stdout = new PassThrough()
  const io = { stdin, stdout, stderr: stdout, env: {}, workingDir: '/', stop: new AbortController().signal }
  return { io, stdin, written: () => String(stdout.read() ?? ''), modes }
}

describe('what is typed for a label', () => {
  it.each([
    ['1', options, { kind: 'label', value: 'good' }],
    [' 2 ', options, { kind: 'label', value: 'bad' }],
    ['x', options, { kind: 'label', value: null }],
    ['s', scale, { kind: 'skip' }],
    ['u', scale, { kind: 'undo' }],
    ['q', scale, { kind: 'quit' }],
    ['4.5', scale, { kind: 'label', value: 4.5 }],
    ['5', scale, { kind: 'label', value: 5 }],
  ])('%j is read', (typed, output, entry) => {
    expect(readEntry(typed, output)).toEqual(entry)
  })

  it.each([
    ['0', options],
    ['3', options],
    ['good', options],
    ['', options],
    ['5.1', scale],
    ['1e1', scale],
    ['', scale],
    ['toString', scale],
  ])('%j is nothing', (typed, output) => {
    expect(readEntry(typed, output)).toBeUndefined()
  })
})

describe('asking for a label', () => {
  it('takes single keys on a terminal, and gives the terminal back', async () => {
    const { io, stdin, written, modes } = createIo(true)
    {
      using typing = createTyping(io)
      stdin.write('72')
      expect(await askForLabel(options, typing, io)).toEqual({ kind: 'label', value: 'bad' })
      stdin.write('\u0003')
      expect(await askForLabel(options, typing, io)).toEqual({ kind: 'quit' })
    }
    expect(modes).toEqual([true, false])
    const text = written()
    expect(text).toContain('"7" is none of these.')
    expect(text).toContain('1  good  It helps.')
    expect(text).not.toContain('\u001b')
  })

  it('takes a number with Enter, which can be corrected, and a command alone', async () => {
    const { io, stdin } = createIo(true)
    using typing = createTyping(io)
    stdin.write('9\u007f3.5\rx')
    expect(await askForLabel(scale, typing, io)).toEqual({ kind: 'label', value: 3.5 })
    expect(await askForLabel(scale, typing, io)).toEqual({ kind: 'label', value: null })
  })

  it('takes lines elsewhere, and ends with the input', async () => {
    const { io, stdin } = createIo(false)
    using typing = createTyping(io)
    stdin.end('2\n\n1')
    expect(await askForLabel(options, typing, io)).toEqual({ kind: 'label', value: 'bad' })
    expect(await askForLabel(options, typing, io)).toEqual({ kind: 'label', value: 'good' })
    expect(await askForLabel(options, typing, io)).toEqual({ kind: 'quit' })
  })
})
