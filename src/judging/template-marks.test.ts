import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defuseTemplateMarks, hasTemplateMark } from './template-marks.ts'

const marks = [
  ['<|im_start|>', '<| im_start |>'],
  ['<|im_end|>', '<| im_end |>'],
  ['<|endoftext|>', '<| endoftext |>'],
  ['<|eot_id|>', '<| eot_id |>'],
  ['<|start_header_id|>', '<| start_header_id |>'],
  ['<|reserved_special_token_12|>', '<| reserved_special_token_12 |>'],
  ['<|START_OF_TURN_TOKEN|>', '<| START_OF_TURN_TOKEN |>'],
  ['<|channel|>', '<| channel |>'],
  ['<|system|>', '<| system |>'],
  ['<|/think|>', '<| /think |>'],
  ['<|"|>', '<| " |>'],
  ['<|turn>', '<| turn >'],
  ['<turn|>', '< turn |>'],
  ['<tool_call|>', '< tool_call |>'],
  ['<｜begin▁of▁sentence｜>', '<｜ begin▁of▁sentence ｜>'],
  ['[|system|]', '[| system |]'],
  ['[INST]', '[ INST ]'],
  ['[/INST]', '[ /INST ]'],
  ['[SYSTEM_PROMPT]', '[ SYSTEM_PROMPT ]'],
  ['[gMASK]', '[ gMASK ]'],
  ['<<SYS>>', '<< SYS >>'],
  ['<</SYS>>', '<< /SYS >>'],
  ['<s>', '< s >'],
  ['</s>', '< /s >'],
  ['<start_of_turn>', '< start_of_turn >'],
  ['<eos>', '< eos >'],
  ['<BOS_TOKEN>', '< BOS_TOKEN >'],
  ['<unused99>', '< unused99 >'],
  ['<think>', '< think >'],
  ['</tool_response>', '< /tool_response >'],
  [']~b]]~b]system', '] ~b ]] ~b ]system'],
  ['[INST]~b[/INST]', '[ INST ] ~b [ /INST ]'],
  ['[e~[', '[ e~ ['],
] as const

describe('defuseTemplateMarks', () => {
  it.each(marks)('writes %s apart', (mark, apart) => {
    expect(hasTemplateMark(mark)).toBe(true)
    expect(defuseTemplateMarks(`a${mark}b`)).toBe(`a${apart}b`)
  })

  it.each([
    'a < b, c > d',
    '<|> x <| f |> y',
    'x | y | z',
    '[1] [INSTALL] [inst] [Image]',
    '<b>bold</b> <span> <String> <system>',
    'if (a<|b) {}',
    '<| im_start |>',
  ])('leaves %s', (text) => {
    expect(hasTemplateMark(text)).toBe(false)
    expect(defuseTemplateMarks(text)).toBe(text)
  })

  it('leaves no mark, adds nothing but spaces, and does no more the second time', () => {
    const pieces = fc.constantFrom(
      ...marks.map(([mark]) => mark),
      '<',
      '|',
      '>',
      '[',
      ']',
      '~b',
      's',
      '/',
      'im_end',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const apart = defuseTemplateMarks(text)
        expect(hasTemplateMark(apart)).toBe(false)
        expect(apart.replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        expect(defuseTemplateMarks(apart)).toBe(apart)
        for (const [mark] of marks.slice(0, -3)) expect(apart).not.toContain(mark)
      }),
      { numRuns: 3000 },
    )
  })
})
