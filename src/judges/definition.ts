import { isDeepStrictEqual } from 'node:util'

/** One label that a classification may answer with. */
export interface Option {
  readonly value: string
  readonly description: string
}

export interface ClassificationOutput {
  readonly type: 'CLASSIFICATION'
  readonly options: readonly Option[]
}

/** A numeric scale; both ends belong to it. */
export interface RegressionOutput {
  readonly type: 'REGRESSION'
  readonly min: number
  readonly minDescription: string
  readonly max: number
  readonly maxDescription: string
}

/** What a judge answers. */
export type Output = ClassificationOutput | RegressionOutput

/** What a judge is, apart from who owns it and when it was written. */
export interface Definition {
  readonly name: string
  readonly description: string
  /** `model`, or `provider/model`. */
  readonly modelName: string
  readonly output: Output
  /** A Jinja2 template. */
  readonly instructions: string
  readonly tools: readonly string[]
}

/** Whether two definitions say the same, to the letter. */
export function isSameDefinition(one: Definition, other: Definition): boolean {
  return isDeepStrictEqual(one, other)
}
