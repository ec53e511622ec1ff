import { expect, it } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

it('puts lines together, however they come', () => {
  const bytes = Buffer.from('one\ntwo é\r\n\nfour')
  for (let size = 1; size <= bytes.length; size += 1) {
    const splitter = new LineSplitter(100)
    const lines: string[] = []
    for (let at = 0; at < bytes.length; at += size)
      lines.push(...splitter.push(bytes.subarray(at, at + size)))
    expect(lines, String(size)).toEqual(['one', 'two é', ''])
    expect(splitter.push(Buffer.from('\n'))).toEqual(['four'])
  }
})

it('refuses a line that is too long, and only that', () => {
  const splitter = new LineSplitter(4)
  expect(splitter.push(Buffer.from('1234\n1234\n12'))).toEqual(['1234', '1234'])
  expect(() => splitter.push(Buffer.from('345\n'))).toThrow('A line has more than 4 bytes.')
})
