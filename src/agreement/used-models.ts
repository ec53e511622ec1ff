import type { ComparedJudgment, ComparedRecord, Difference } from './run-comparison.ts'

/** Providers make up names of models, so that there may be more of them than anybody reads. */
const mostNames = 20

/** Which models answered on either side, and how they were held to their form: as the judgments themselves tell. */
export class UsedModels {
  readonly #models = { first: new Set<string>(), second: new Set<string>() }
  readonly #enforcements = { first: new Set<string>(), second: new Set<string>() }

  add({ first, second }: ComparedRecord): void {
    if (first) this.#addOne('first', first)
    if (second) this.#addOne('second', second)
  }

  differences(): readonly Difference[] {
    return [...differenceOf('served_model', this.#models), ...differenceOf('enforcement', this.#enforcements)]
  }

  #addOne(side: 'first' | 'second', { servedModel, enforcement }: ComparedJudgment): void {
    const models = this.#models[side]
    if (servedModel !== null && models.size < mostNames) models.add(servedModel)
    if (enforcement !== null) this.#enforcements[side].add(enforcement)
  }
}

/** A side that has judged nothing yet differs in nothing. */
function differenceOf(
  what: string,
  { first, second }: { first: ReadonlySet<string>; second: ReadonlySet<string> },
): readonly Difference[] {
  if (first.size === 0 || second.size === 0) return []
  const [one, other] = [[...first].sort().join(', '), [...second].sort().join(', ')]
  return one === other ? [] : [{ what, first: one, second: other }]
}
