import { quantile } from './quantile.ts'
import { createRandom, drawDirichlet, type Random } from './random-draws.ts'

/** Answered records of a run that have something in common that was known before anybody labelled them: the answer. */
export interface Stratum {
  /** As people are told of it. */
  readonly name: string
  /** How many answered records it has, labelled or not. */
  readonly size: number
  /** How many of its labelled records were labelled with each option, in the options' order. */
  readonly labels: readonly number[]
}

/** What share of all answered records people would label with an option; all from 0 to 1. */
export interface OptionShare {
  readonly option: string
  readonly share: number
  /** A 95% interval. */
  readonly low: number
  readonly high: number
}

/** Jeffreys' prior of a share. */
const prior = 1 / 2
const seed = 20_260_102
const draws = 4000

/**
 * The shares of the labels over all answered records, from those that are labelled: how the labels are spread inside
 * each stratum, weighed by how much of the run it is. The posterior of independent Dirichlet distributions with
 * Jeffreys' prior; its mean is exact, its interval from draws with a fixed seed, so that the same labels give the same
 * interval. It needs no other assumption than that inside a stratum the labelled records were picked by chance: how
 * many of each were picked does not matter.
 * @param options what the judge can answer, in its order
 * @param strata each with a label at least
 * @returns a share for each option, in their order
 * @see Fiksel, Datta and others (2021), Generalized Bayes quantification learning, JASA 117; Gelman and others (2013),
 *   Bayesian data analysis, sections 3.4 and 8.3
 */
export function stratifiedShares(
  options: readonly string[],
  strata: readonly Stratum[],
): readonly OptionShare[] {
  const random = createRandom(seed)
  const drawn = Array.from({ length: draws }, () => drawShares(options, strata, random))
  const means = meanShares(options, strata)
  return options.map((option, at) => {
    const sorted = Float64Array.from(drawn, (shares) => shares[at] ?? Number.NaN).sort()
    return {
      option,
      share: means[at] ?? Number.NaN,
      low: quantile(sorted, 0.025),
      high: quantile(sorted, 0.975),
    }
  })
}

function drawShares(
  options: readonly string[],
  strata: readonly Stratum[],
  random: Random,
): readonly number[] {
  const weights = drawDirichlet(
    random,
    strata.map(({ size }) => size + prior),
  )
  const inside = strata.map(({ labels }) =>
    drawDirichlet(
      random,
      labels.map((count) => count + prior),
    ),
  )
  return mix(options, weights, inside)
}

function meanShares(options: readonly string[], strata: readonly Stratum[]): readonly number[] {
  const weights = normalised(strata.map(({ size }) => size + prior))
  const inside = strata.map(({ labels }) => normalised(labels.map((count) => count + prior)))
  return mix(options, weights, inside)
}

/** The law of total probability: the sum over strata of P(stratum) P(label | stratum). */
function mix(
  options: readonly string[],
  weights: readonly number[],
  inside: readonly (readonly number[])[],
): readonly number[] {
  return options.map((_option, at) =>
    weights.reduce((sum, weight, stratum) => sum + weight * (inside[stratum]?.[at] ?? 0), 0),
  )
}

function normalised(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / total)
}
