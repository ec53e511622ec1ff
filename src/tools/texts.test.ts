import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutText, sizeOf } from './cut-text.ts'
import { createHideSecrets } from './hide-secrets.ts'
import { resultText } from './result-text.ts'
import { modelToolName } from './tool-name.ts'

describe('cutText', () => {
  it('keeps what fits, and cuts between characters what does not', () => {
    expect(cutText('né', 3)).toBe('né')
    expect(cutText('néé', 4)).toBe('né\n[cut: these are the first 4 bytes of 5 bytes]')
    expect(cutText('a😀', 4)).toBe('a\n[cut: these are the first 4 bytes of 5 bytes]')
  })

  it('never makes a character that was not there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, maxBytes) => {
        const [kept = ''] = cutText(text, maxBytes).split('\n[cut: ')
        expect(text.startsWith(kept)).toBe(true)
      }),
    )
  })
})

it('sizes are for people', () => {
  expect([0, 999, 1000, 65_536, 999_499, 999_500, 3_400_000].map(sizeOf)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 kB',
    '66 kB',
    '999 kB',
    '1.0 MB',
    '3.4 MB',
  ])
})

describe('createHideSecrets', () => {
  it('hides the values and their words, and nothing that is too short to be one', () => {
    const hide = createHideSecrets(['Bearer zebra-zebra', 'zebra-zebra-2', 'one two three', 'C', ''])
    expect(hide('Bearer zebra-zebra-2, zebra-zebra; one two three, one two: C')).toBe(
      'Bearer [hidden], [hidden]; [hidden], one two: C',
    )
    expect(createHideSecrets([])('text')).toBe('text')
  })
})

describe('resultText', () => {
  it('prefers texts to structured content', () => {
    const text = { type: 'text', text: 'three' } as const
    expect(resultText({ content: [text, text], structuredContent: { count: 3 } })).toBe('three\nthree')
    expect(resultText({ content: [], structuredContent: { count: 3 } })).toBe('{"count":3}')
    expect(resultText({ content: [] })).toBe('[no content]')
  })
})

describe('modelToolName', () => {
  it('says where a tool is from', () => {
    expect(modelToolName('files.read_text_file', new Set())).toBe('files__read_text_file')
    expect(modelToolName('fetch_url', new Set())).toBe('fetch_url')
  })

  it('is what every provider takes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), (name) => {
        expect(modelToolName(`files.${name}`, new Set())).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
      }),
    )
  })
})
