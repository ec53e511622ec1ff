import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProviderWords } from '../../src/models/provider-words.ts'

const secret = 'q8/R+t4"y\\Zz-0123456789'

function textOf(body: unknown, key?: string): string {
  return readProviderWords(typeof body === 'string' ? body : JSON.stringify(body), key).text
}

describe("a provider's words", () => {
  it('are one short line, whatever it sends, and soon read', () => {
    const bodies = [
      'x'.repeat(8_000_000),
      '*'.repeat(1_000_000),
      '<style '.repeat(500_000),
      '<'.repeat(1_000_000),
      `[${'['.repeat(100_000)}`,
      '{"error":'.repeat(50_000),
      `${'['.repeat(50_000)}"deep"${']'.repeat(50_000)}`,
      JSON.stringify({ detail: Array.from({ length: 100_000 }, () => ({ msg: 'wrong', loc: ['body'] })) }),
      JSON.stringify({ error: { message: 'sk-'.repeat(1_000_000) } }),
    ]
    const startedMs = performance.now()
    for (const body of bodies) {
      const { text, codes } = readProviderWords(body, secret)
      expect(text.length).toBeLessThan(400)
      expect(codes.length).toBeLessThan(400)
    }
    expect(performance.now() - startedMs).toBeLessThan(3000)
  })

  it('never hold the key, wherever it stands and however it is written', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 400 })
    fc.assert(
      fc.property(anything, anything, fc.constantFrom(0, 1, 2, 3), (before, after, shape) => {
        const said = `${before}${secret}${after}`
        const bodies = [
          said,
          { error: { message: said } },
          { message: JSON.stringify({ detail: said }) },
          [said],
        ]
        const { text, codes, parameter } = readProviderWords(
          shape === 0 ? said : JSON.stringify(bodies[shape]),
          secret,
        )
        expect(`${text} ${codes} ${parameter}`).not.toContain(secret)
      }),
    )
    expect(textOf(`${'a'.repeat(7990)}${secret}`, secret)).not.toContain('q8/R')
    expect(textOf(`${'a '.repeat(145)}${secret}`, secret)).not.toContain('q8/R')
  })

  it('leave out what is repeated of the request', () => {
    const repeated = 'IGNORE-ME'
    const bodies = [
      {
        detail: [
          { type: 'x', loc: ['body', 'name'], msg: 'Wrong', input: repeated, ctx: { given: repeated } },
        ],
      },
      { message: `[{'msg': 'Wrong', 'input': '${repeated}'}]` },
      {
        error: { message: `1 validation error\n  Wrong [type=x, input_value='${repeated}', input_type=str]` },
      },
      { error: { message: 'Wrong', failed_generation: repeated, request: { messages: [repeated] } } },
      {
        error: {
          message: 'Provider returned error',
          metadata: {
            raw: JSON.stringify({ detail: [{ msg: 'Wrong', input: repeated }] }),
            flagged_input: repeated,
          },
        },
      },
    ]
    for (const body of bodies) {
      expect(textOf(body)).toContain('Wrong')
      expect(textOf(body)).not.toContain(repeated)
    }
  })

  it('are what people can read of a page', () => {
    const page =
      '<html><head><title>502 Bad Gateway</title><style>h1 {}</style></head>\r\n<body><script>x()</script><h1>Oh no</h1>'
    expect(textOf(page)).toBe('502 Bad Gateway Oh no')
    expect(textOf('\u0000\u0001PNG\u202e\ufffd\ufffdab')).toBe('PNG ab')
  })

  it('come with the codes and the field that they are about', () => {
    const body = {
      error: {
        message: 'No.',
        type: 'invalid_request_error',
        param: 'temperature',
        code: 'unsupported_value',
      },
    }
    expect(readProviderWords(JSON.stringify(body), undefined)).toEqual({
      text: 'No.',
      codes: 'invalid_request_error unsupported_value',
      parameter: 'temperature',
    })
  })
})
