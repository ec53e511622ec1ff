import type { Output } from '../../judges/definition.ts'
import { decimalRange } from './decimal-range.ts'
import { anyCharacterBut, character, choice, type Expression, repetition, sequence, text } from './grammar.ts'

/**
 * Every answer that a judge with this output may give, as JSON: an option's value in quotes, or a number from
 * min to max. Nothing else is accepted, so a model held to it can't answer out of range.
 * @example toRegExp(answerGrammar({ type: 'REGRESSION', min: 0, max: 1, ... })).test('0.75') // true
 */
export function answerGrammar(output: Output): Expression {
  if (output.type === 'REGRESSION') return decimalRange(output.min, output.max)
  return choice(...output.options.map((option) => text(JSON.stringify(option.value))))
}

/** The characters of a JSON string up to its closing quote, which belongs to it. */
export function stringContentGrammar(next: string): Expression {
  const plain = anyCharacterBut(['"', '"'], ['\\', '\\'], ['\u0000', '\u001f'], ['\u007f', '\u007f'])
  // No \uXXXX: a model may write any character as itself, and half a surrogate pair would be no text at all.
  const escaped = sequence(
    text('\\'),
    character(
      ['"', '"'],
      ['\\', '\\'],
      ['/', '/'],
      ['b', 'b'],
      ['f', 'f'],
      ['n', 'n'],
      ['r', 'r'],
      ['t', 't'],
    ),
  )
  return sequence(repetition(choice(plain, escaped), 1), text(`"${next}`))
}
