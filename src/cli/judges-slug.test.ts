import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileNameOf } from './judges-slug.ts'

describe('fileNameOf', () => {
  it.each([
    ['Tone of voice', 'tone-of-voice.yaml'],
    ['  Schöne  Grüße! ', 'schone-gruße.yaml'],
    ['回答是否正确', '回答是否正确.yaml'],
    ['🎉🎉🎉🎉🎉', 'judge.yaml'],
    ['../../etc/passwd', 'etc-passwd.yaml'],
    ['C:\\x\\y', 'c-x-y.yaml'],
    ['.hidden', 'hidden.yaml'],
    ['con..', 'judge-con.yaml'],
    ['a\u0000\n\u202eb', 'a-b.yaml'],
  ])('of %j is %s', (name, fileName) => {
    expect(fileNameOf(name, new Set())).toBe(fileName)
  })

  it('is another one for each judge', () => {
    const taken = new Set<string>()
    const names = ['Good one', 'good-one', 'GOOD ONE'].map((name) => {
      const fileName = fileNameOf(name, taken)
      taken.add(fileName)
      return fileName
    })
    expect(names).toEqual(['good-one.yaml', 'good-one-2.yaml', 'good-one-3.yaml'])
  })

  it('is the name of one file of the folder, whatever the judge is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (name) => {
        const fileName = fileNameOf(name, new Set())
        expect(fileName).toMatch(/^[\p{L}\p{N}\p{M}]+(?:-[\p{L}\p{N}\p{M}]+)*\.yaml$/u)
        expect(Buffer.byteLength(fileName)).toBeLessThan(255)
      }),
      { numRuns: 1000 },
    )
  })
})
