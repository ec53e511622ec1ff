/** What a text may be: rendered to llama.cpp's GBNF for the model and to a RegExp for whoever checks it. */
export type Expression =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'character'; readonly ranges: readonly CharacterRange[]; readonly isNegated: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  | { readonly kind: 'repetition'; readonly of: Expression; readonly least: number; readonly most?: number }

/** First and last character, both in it. */
export type CharacterRange = readonly [first: string, last: string]

export function text(value: string): Expression {
  return { kind: 'text', text: value }
}

export function character(...ranges: readonly CharacterRange[]): Expression {
  return { kind: 'character', ranges, isNegated: false }
}

export function anyCharacterBut(...ranges: readonly CharacterRange[]): Expression {
  return { kind: 'character', ranges, isNegated: true }
}

export function sequence(...parts: readonly Expression[]): Expression {
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sequence', parts }
}

export function choice(...options: readonly Expression[]): Expression {
  return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options }
}

export function repetition(of: Expression, least: number, most?: number): Expression {
  return { kind: 'repetition', of, least, ...(most === undefined ? {} : { most }) }
}

/** A grammar that llama.cpp reads: `root` is the whole text. */
export function toGbnf(root: Expression): string {
  return `root ::= ${gbnf(root)}\n`
}

function gbnf(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return `"${Array.from(expression.text, gbnfCharacter).join('')}"`
    case 'character':
      return characterClass(expression.ranges, expression.isNegated, gbnfCharacter)
    case 'sequence':
      return `(${expression.parts.map(gbnf).join(' ')})`
    case 'choice':
      return `(${expression.options.map(gbnf).join(' | ')})`
    case 'repetition':
      return `${gbnf(expression.of)}{${expression.least},${expression.most ?? ''}}`
  }
}

/** A RegExp that matches a text exactly when the grammar accepts the whole of it. */
export function toRegExp(root: Expression): RegExp {
  return new RegExp(`^(?:${pattern(root)})$`, 'u')
}

function pattern(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return Array.from(expression.text, regExpCharacter).join('')
    case 'character':
      return characterClass(expression.ranges, expression.isNegated, regExpCharacter)
    case 'sequence':
      return expression.parts.map(pattern).join('')
    case 'choice':
      return `(?:${expression.options.map(pattern).join('|')})`
    case 'repetition':
      return `(?:${pattern(expression.of)}){${expression.least},${expression.most ?? ''}}`
  }
}

function characterClass(
  ranges: readonly CharacterRange[],
  isNegated: boolean,
  written: (one: string) => string,
): string {
  const inside = ranges.map(([first, last]) =>
    first === last ? written(first) : `${written(first)}-${written(last)}`,
  )
  return `[${isNegated ? '^' : ''}${inside.join('')}]`
}

function gbnfCharacter(one: string): string {
  if (/^[A-Za-z0-9 ]$/.test(one)) return one
  return `\\U${codePoint(one).padStart(8, '0')}`
}

function regExpCharacter(one: string): string {
  return /^[A-Za-z0-9 ]$/.test(one) ? one : `\\u{${codePoint(one)}}`
}

function codePoint(one: string): string {
  return (one.codePointAt(0) ?? 0).toString(16)
}
