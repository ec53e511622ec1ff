import type { Agreement } from '../../api/shapes.ts'
import { countOf } from '../../numbers.ts'

type LeftOut = Agreement['labels']['left_out']

/** Why labelled records are not compared with the judge's answers; undefined where all are. */
export function leftOutInWords(leftOut: LeftOut): string | undefined {
  const reasons: [number, string][] = [
    [leftOut.not_answered, 'without an answer of the judge'],
    [leftOut.tied, 'on which people are split'],
    [leftOut.cannot_tell, 'that people could not tell'],
    [leftOut.out_of_output, 'with labels that the judge can not give'],
  ]
  const told = reasons.filter(([count]) => count > 0)
  if (told.length === 0) return undefined
  return `Not compared: ${told.map(([count, why]) => `${countOf(count, 'record')} ${why}`).join(', ')}.`
}
